#!/usr/bin/env python3
"""Make the environment beside this file from the lock, once, and run `mkg` or the tests in it.

    python3 run.py demo            any mkg command with its options
    python3 run.py test [STEP...]  format, lint, types, imports and all tests, or the steps named

Nothing but Python 3.11 or newer is needed: no root, no Docker, no Java, and no `venv` or `ensurepip` from the system.
Settings of pip and uv in the environment (index, certificate, proxy) are used as they are.
"""

import contextlib
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

# Up to here and in the next lines the file keeps to what Python 3.6 can read, so that an old one says what is missing.
if sys.version_info < (3, 11):  # noqa: UP036
    newer = [name for name in ("python3.11", "python3.12", "python3.13", "python3.14") if shutil.which(name)]
    sys.exit(
        "run.py needs Python 3.11 or newer; this is {}.{}, {}.\n{}".format(
            sys.version_info[0],
            sys.version_info[1],
            sys.executable,
            f"Start it with the one you have: {newer[-1]} run.py ..."
            if newer
            else "Install one from your system's packages, then start run.py with it.",
        )
    )
if sys.platform == "win32":
    sys.exit("mkg runs on Linux and macOS. On Windows, use it inside WSL (Windows Subsystem for Linux).")

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.txt"
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
STAMP = VENV / "mkg-installed.json"
BEGUN = VENV / "mkg-installing"
OLDEST_UV = (0, 5)
ROOM_GB = 6  # packages take 5 GB on Linux, where torch brings the CUDA libraries

Command = tuple[str, ...]


class InstallError(Exception):
    """The environment cannot be made; the text is what to show."""


def stamp(root: Path, version: tuple[int, int]) -> dict[str, str]:
    """Return what an installed environment depends on: the lock, the project's metadata, Python and the place."""
    digest = hashlib.sha256()
    for name in ("requirements.txt", "pyproject.toml"):
        digest.update((root / name).read_bytes() + b"\0")
    return {"inputs": digest.hexdigest(), "python": f"{version[0]}.{version[1]}", "root": str(root)}


def installed(venv: Path, wanted: Mapping[str, str]) -> bool:
    """Tell whether the environment was finished for these inputs and its Python is still there."""
    try:
        found = json.loads((venv / STAMP.name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == wanted) and (venv / "bin" / "python").exists() and (venv / "bin" / "mkg").exists()


def locked(package: str, lock: str) -> str:
    """Return the lines of one package, its version and hashes, from the text of the lock."""
    found = re.search(rf"^{re.escape(package)}==.*(?:\n +--hash=.*)+", lock, re.MULTILINE)
    if not found:
        raise InstallError(f"{package} is not in {LOCK.name}; take the file from the project again.")
    return found[0] + "\n"


def uv_settings(pip_lines: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return, as uv's variables, the settings that `pip config list` shows, since uv reads none of them.

    What uv has been told itself is never replaced.
    """
    pip: dict[str, str] = {}
    for line in pip_lines.splitlines():
        key, _, value = line.partition("=")
        with contextlib.suppress(ValueError):
            pip[key.rpartition(".")[2].strip()] = " ".join(shlex.split(value))
    # The index is one choice: with any of these set, uv has its own.
    if any(name in environment for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_CONFIG_FILE")):
        pip.pop("index-url", None)
        pip.pop("extra-index-url", None)
    pairs = (
        ("index-url", "UV_DEFAULT_INDEX"),
        ("extra-index-url", "UV_INDEX"),
        ("trusted-host", "UV_INSECURE_HOST"),
        ("cert", "SSL_CERT_FILE"),
        ("proxy", "ALL_PROXY"),
    )
    return {theirs: pip[ours] for ours, theirs in pairs if pip.get(ours) and theirs not in environment}


def uv_version(said: str) -> tuple[int, ...]:
    """Return the version in the answer to `uv --version`, or nothing."""
    found = re.match(r"uv (\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else ()


def answer(command: Sequence[str]) -> str:
    """Return what a command prints, or nothing when it cannot run or fails."""
    try:
        # From ROOT: in a folder of the user's, `python -m pip` could find a pip.py and uv another project's settings.
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def say(text: str) -> None:
    """Show progress; standard output belongs to the command that runs afterwards."""
    print(text, file=sys.stderr, flush=True)


def run(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Run a command with its output on standard error; tell whether it succeeded."""
    say("  $ " + shlex.join(command))
    try:
        return subprocess.run(command, stdout=2, env=environment, check=False, cwd=ROOT).returncode == 0  # noqa: S603
    except OSError as error:
        say(f"  {error}")
        return False


def own_pip() -> Command:
    """Return how this Python calls pip, or nothing when it has none."""
    return (sys.executable, "-m", "pip") if answer((sys.executable, "-m", "pip", "--version")) else ()


def usable_uv(tools: Path) -> Command:
    """Return how to call a uv that is there already: on PATH, as a module of this Python, or brought before."""
    for command in (("uv",), (sys.executable, "-m", "uv"), (str(tools / "bin" / "uv"),)):
        if uv_version(answer((*command, "--version"))) >= OLDEST_UV:
            return command
    return ()


def bring_uv(tools: Path, environment: Mapping[str, str]) -> Command:
    """Bring the uv of the lock into a folder of this checkout and return how to call it, or nothing.

    `pip install --target` touches no Python installation, so an externally managed one (PEP 668) does not refuse it.
    """
    tools.mkdir(parents=True, exist_ok=True)
    wanted = tools / "uv.txt"
    wanted.write_text(locked("uv", LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    install = ("install", "--require-hashes", "--no-deps", "--upgrade", "--target", str(tools), "-r", str(wanted))
    private = tools / "venv"

    def with_private_pip() -> bool:
        made = run((sys.executable, "-m", "venv", "--clear", str(private)), environment)
        return made and run((str(private / "bin" / "python"), "-m", "pip", *install), environment)

    def with_pip_on_path() -> bool:
        return any(shutil.which(name) and run((name, *install), environment) for name in ("pip3", "pip"))

    pip = own_pip()
    ways: tuple[Callable[[], bool], ...] = (
        lambda: bool(pip) and run((*pip, *install), environment),
        with_private_pip,
        with_pip_on_path,
    )
    for way in ways:
        if way():
            found = usable_uv(tools)
            if found:
                return found
    return ()


def commands(uv: Command, pip: Command, python: str, fresh: bool) -> list[Command]:
    """Return the steps that make the environment: with uv, or with pip alone where uv cannot be had.

    The project itself is built by the hatchling of the lock, so nothing without a hash is fetched.
    """
    here = str(VENV / "bin" / "python")
    project = ("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    if uv:
        make = (*uv, "venv", "--no-project", "--python", python, str(VENV))
        sync = (*uv, "pip", "sync", "--require-hashes", "--only-binary", ":all:", "--python", here, str(LOCK))
        return [*([make] if fresh else []), sync, (*uv, "pip", "install", "--python", here, *project)]
    make = (python, "-m", "venv", "--without-pip", str(VENV))
    into = (*pip, "--python", here, "install")
    # The lock leaves out on purpose what two packages ask for, so pip must not look for it.
    packages = (*into, "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK))
    return [*([make] if fresh else []), packages, (*into, *project)]


def reusable(venv: Path, python: str) -> bool:
    """Tell whether a folder is a whole environment of this Python that may be brought up to date in place."""
    if (venv / BEGUN.name).exists():
        return False
    asked = "import sys; print('%d.%d' % sys.version_info[:2], sys.prefix)"
    return answer((str(venv / "bin" / "python"), "-c", asked)).strip() == f"{python} {venv}"


def install(wanted: Mapping[str, str]) -> None:
    """Make or update the environment; raise InstallError saying what was tried and what to do."""
    environment = dict(os.environ)
    pip = own_pip()
    if not any((folder / "uv" / "uv.toml").exists() for folder in uv_config_folders(environment)):
        environment |= uv_settings(answer((*pip, "config", "list")) if pip else "", environment)
    tools = BUILD / "tools"
    uv = usable_uv(tools)
    if not uv:
        say("mkg: uv, which installs the packages, is not here; bringing it into build/tools")
        uv = bring_uv(tools, environment)
    if not uv and not pip:
        raise InstallError(
            f"No way to install packages was found with {sys.executable}.\n"
            "Tried: uv on PATH; python -m uv; python -m pip; python -m venv; pip3 and pip on PATH.\n"
            "Do one of these, then run the same command again:\n"
            "  install pip or venv from your system's packages (Debian, Ubuntu: python3-pip or python3-venv)\n"
            "  put uv on PATH"
        )
    fresh = not reusable(VENV, wanted["python"])
    if fresh:
        if VENV.exists():
            say("mkg: .venv is unfinished or of another Python; making it anew")
            shutil.rmtree(VENV)
        free = shutil.disk_usage(ROOT).free / 1e9
        if free < ROOM_GB:
            raise InstallError(f"{ROOT} has {free:.1f} GB free; the packages need {ROOM_GB} GB.")
        say("mkg: installing the packages of requirements.txt; the first time fetches about 3 GB, most of it torch")
    else:
        say("mkg: bringing .venv up to date")
    for step in commands(uv, pip, sys.executable, fresh):
        if VENV.is_dir():
            BEGUN.touch()
            STAMP.unlink(missing_ok=True)
        if not run(step, environment):
            raise InstallError(
                f"This step failed: {shlex.join(step)}\n"
                "Its own message stands above. When the network was the cause, run the same command again:\n"
                "what was fetched is kept. An index, certificate or proxy is set by the variables of uv and pip."
            )
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    BEGUN.unlink()


def uv_config_folders(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Return where uv looks for settings of the user and of the system."""
    mine = environment.get("XDG_CONFIG_HOME")
    return (Path(mine) if mine else Path.home() / ".config", Path("/etc"))


@contextlib.contextmanager
def alone() -> Generator[None]:
    """Let one run.py install at a time; another waits for it."""
    import fcntl  # not on Windows, which was refused above

    BUILD.mkdir(exist_ok=True)
    with (BUILD / "run.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("mkg: another run.py is installing; waiting for it")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def target(arguments: Sequence[str]) -> list[str]:
    """Return the command that the arguments mean, inside the environment."""
    if arguments and arguments[0] == "test":
        return [str(VENV / "bin" / "python"), str(ROOT / "tests" / "run_all.py"), *arguments[1:]]
    return [str(VENV / "bin" / "mkg"), *(arguments or ["--help"])]


def become(command: list[str]) -> NoReturn:
    """Let the command take over this process, with its signals and its exit code."""
    os.execv(command[0], command)  # noqa: S606


def main(arguments: Sequence[str]) -> int:
    """Install if needed, then become the command; return an exit code only when that fails."""
    wanted = stamp(ROOT, sys.version_info[:2])
    if not installed(VENV, wanted):
        try:
            with alone():
                if not installed(VENV, wanted):
                    install(wanted)
        except (InstallError, OSError) as error:
            say(f"mkg: {error}")
            return 1
        except KeyboardInterrupt:
            say("mkg: interrupted; the same command starts the installation again")
            return 130
    become(target(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
