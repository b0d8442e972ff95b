"""`locality demo`: a working place to look at, from nothing."""

import json
import os
import threading
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer

from locality.base import Refused
from locality.cli import edge, server
from locality.cli.intake import Spreading


@edge.says_it_clearly
def demo(
    port: server.Port = 8000,
    host: server.Host = "127.0.0.1",
    serve: Annotated[bool, typer.Option(help="Serve the pages when all is in place.")] = True,
    browser: Annotated[bool, typer.Option(help="Open the first page in a browser, where there is one.")] = True,
) -> None:
    """Load the place and its invented people through the real intake, and serve the pages. Safe to repeat."""
    edge.start_django()
    from django.conf import settings

    from locality.config import database, serving

    if settings.DATABASE_URL and not os.environ.get("LOCALITY_DEMO_ANYWHERE"):
        raise Refused(
            "DATABASE_URL names a server, and invented people do not belong among real ones. "
            "Unset it, or set LOCALITY_DEMO_ANYWHERE=1 if that database is for trying out."
        )
    tell("Preparing the database")
    database.migrate()
    _make(settings.LOCALITY_PLACE, folder=settings.LOCALITY_HOME / "demo")
    if not serve:
        return
    serving.ready()
    serving.collect_static_files()
    if browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        threading.Timer(1.5, webbrowser.open, [f"http://localhost:{port}/"]).start()
    server.run(port=port, host=host, workers=0)


def tell(words: str) -> None:
    """Say how far it is."""
    edge.people.print(f"  {words}", markup=False)


def _make(pack: str, *, folder: Path) -> None:
    # imported late: Django has to be ready first
    from locality.demo import actions

    with Spreading(min(len(os.sched_getaffinity(0)), 4)) as spreading:
        actions.make(pack=pack, folder=folder, now=edge.now, spread=spreading, ways=spreading.ways, tell=tell)
    _write_accounts(folder / "accounts.json", actions)
    tell("Sign in as one of:")
    for account in actions.accounts():
        tell(f"  {account.username:24} {account.words}")
    tell(f"The password of each is: {actions.PASSWORD}")


def _write_accounts(path: Path, actions: Any) -> None:
    """Who may be tried, for the sign-in page; the server's own processes read it."""
    listed = [(one.username, one.name, one.words, one.note) for one in actions.accounts()]
    path.write_text(json.dumps({"demo_accounts": listed, "demo_password": actions.PASSWORD}))
    os.environ["LOCALITY_DEMO_ACCOUNTS"] = str(path)
