"""GraphiQL, served from files of this package: no other host is ever asked for anything."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

FOLDER: Final = Path(str(resources.files("graphql_api.transport").joinpath("static")))

# Scripts and connections to this service only. GraphiQL writes its own styles into the page, and its fonts are inline.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page(needs_key: bool) -> HTMLResponse:
    """Return the page; with `needs_key` its header editor is prepared for a key."""
    text = (FOLDER / "graphiql.html").read_text("utf-8")
    if needs_key:
        text = text.replace('data-needs-key="no"', 'data-needs-key="yes"')
    return HTMLResponse(text, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


class StaticFolder(StaticFiles):
    """The scripts and styles of GraphiQL."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)
