"""`locality demo`: a working place to look at, from nothing."""

import json
import os
import threading
import webbrowser
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from locality.base import Refused
from locality.cli import edge, server
from locality.cli.intake import Spreading


class Depth(StrEnum):
    LIGHT = "light"
    FULL = "full"


People = Annotated[int | None, typer.Option(min=0, help="Invented people beside the cast; 5,000, or none with 0.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Another seed makes other people; 1.")]
Errors = Annotated[
    Path | None, typer.Option(help="What sources get wrong: a file of the form of locality/demo/errors.toml.")
]


@edge.says_it_clearly
def demo(
    port: server.Port = 8000,
    host: server.Host = "127.0.0.1",
    serve: Annotated[bool, typer.Option(help="Serve the pages when all is in place.")] = True,
    browser: Annotated[bool, typer.Option(help="Open the first page in a browser, where there is one.")] = True,
    people: People = None,
    seed: Seed = None,
    depth: Annotated[Depth | None, typer.Option(help="About 40 resources a person, or 10; full.")] = None,
    errors: Errors = None,
) -> None:
    """Load the place and its invented people through the real intake, and serve the pages. Safe to repeat."""
    # passkeys and links in mail name the address that the pages are at
    os.environ.setdefault("LOCALITY_URL", f"http://localhost:{port}")
    _prepare()
    from locality.demo import actions
    from locality.demo.growing import Wanted

    wanted = Wanted(people=people, seed=seed, depth=depth.value if depth else None, errors=errors)
    _make(actions, wanted)
    _tell("Sign in as one of:")
    for account in actions.accounts():
        _tell(f"  {account.username:24} {account.words}")
    _tell(f"The password of each is: {actions.PASSWORD}")
    if serve:
        _serve(port=port, host=host, browser=browser)


def _tell(words: str) -> None:
    edge.people.print(f"  {words}", markup=False)


def _prepare() -> None:
    edge.start_django()
    from django.conf import settings

    from locality.config import database

    if settings.DATABASE_URL and not settings.LOCALITY_TRIAL:
        raise Refused(
            "DATABASE_URL names a server, and invented people do not belong among real ones. "
            "Unset it, or set LOCALITY_TRIAL=1 if nobody real is in that database."
        )
    _tell("Preparing the database")
    database.migrate()


def _make(actions: Any, wanted: Any) -> None:
    from django.conf import settings

    from locality.web.family.safe import sealed_code

    with Spreading(min(len(os.sched_getaffinity(0)), 4)) as spreading, Showing() as show:
        actions.make(
            pack=settings.LOCALITY_PLACE,
            folder=settings.LOCALITY_HOME / "demo",
            now=edge.now,
            spread=spreading,
            ways=spreading.ways,
            tell=_tell,
            wanted=wanted,
            show=show,
            sealing=lambda person, code, where: sealed_code(person=person, code=code, where=where),
        )
    _write_accounts(settings.LOCALITY_HOME / "demo" / "accounts.json", actions)


def _serve(*, port: int, host: str, browser: bool) -> None:
    from locality.config import serving

    serving.ready()
    serving.collect_static_files()
    if browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        threading.Timer(1.5, webbrowser.open, [f"http://localhost:{port}/"]).start()
    server.run(port=port, host=host, workers=0)


class Showing:
    """A bar on the error stream for what takes long: one line that says what is going on."""

    def __init__(self) -> None:
        self.bar = Progress(
            TextColumn("  {task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,} of {task.total:,}"),
            TimeElapsedColumn(),
            console=edge.people,
            transient=True,
            disable=not edge.people.is_terminal,
        )
        self.rows: dict[str, TaskID] = {}

    def __enter__(self) -> "Showing":
        self.bar.start()
        return self

    def __call__(self, words: str, done: int, of: int) -> None:
        """Show how much of something is done; what went before is over."""
        if words not in self.rows:
            for row in self.rows.values():
                self.bar.update(row, visible=False)
            self.rows[words] = self.bar.add_task(words, total=of)
        self.bar.update(self.rows[words], completed=done, total=max(of, done))

    def __exit__(self, *error: object) -> None:
        self.bar.stop()


def _write_accounts(path: Path, actions: Any) -> None:
    """Who may be tried, for the sign-in page; the server's own processes read it."""
    from django.conf import settings

    listed = [(one.username, one.name, one.words, one.note) for one in actions.accounts()]
    path.write_text(json.dumps({"demo_accounts": listed, "demo_password": actions.PASSWORD}))
    # for processes that begin anew, and for those that are forked from this one
    os.environ["LOCALITY_DEMO_ACCOUNTS"] = settings.DEMO_ACCOUNTS = str(path)
