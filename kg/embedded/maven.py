"""The doorway to Maven repositories: `jgo` knows where they are, or its configuration file does."""

from __future__ import annotations

from pathlib import Path

from jgo.config import GlobalSettings
from jgo.maven import MavenContext, PythonResolver

_TIMEOUT = 30


def fetch(group: str, artifact: str, version: str, classifier: str, folder: Path) -> Path:
    """Bring one jar into `folder`, a local Maven repository, and return its path.

    Raises OSError or RuntimeError when no repository gives it.
    """
    component = _context(folder).project(group, artifact).at_version(version)
    return component.artifact(classifier=classifier, packaging="jar").resolve()


def resolve(coordinate: str, folder: Path) -> list[tuple[str, str, str, str]]:
    """Return group, artifact, version and classifier of all jars that running `coordinate` needs."""
    context = _context(folder)
    roots, further = context.resolver.resolve([context.create_dependency(coordinate)])
    needed = [*roots, *(each for each in further if each.scope in ("compile", "runtime"))]
    return [(each.groupId, each.artifactId, each.version, each.classifier or "") for each in needed]


def _context(folder: Path) -> MavenContext:
    # A repository that the user named goes first: it is a mirror, or the way out of a closed network.
    named = GlobalSettings.load().repositories
    standard = MavenContext().remote_repos
    return MavenContext(
        resolver=PythonResolver(), repo_cache=folder, remote_repos={**named, **standard}, timeout=_TIMEOUT
    )
