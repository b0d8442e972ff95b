"""What every command shares: the database, one clear sentence on bad input, a line for machines."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from locality.base import Refusal, Refused

# people read what goes to the error stream; machines read what goes to the standard one
people = Console(stderr=True, highlight=False)

Json = typer.Option(False, "--json", help="Print one line of JSON for machines.")


def now() -> datetime:
    """The moment, as this edge reads it."""
    return datetime.now(UTC)


def with_database(*, create: bool = False) -> None:
    """Make the database answer and Django ready, or stop with one sentence saying where we looked."""
    from locality.config import database

    start_django()
    database.ready(create=create)


def start_django() -> None:
    """Read the settings; heavy, so only once a command needs them."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locality.config.settings")
    django.setup()


def is_synthetic() -> bool:
    """Whether the people here are the demo's; once the settings are read."""
    from django.conf import settings

    return (Path(settings.LOCALITY_HOME) / "demo").exists()


def says_it_clearly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal into one sentence and a non-zero exit."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            stop(str(refusal))
        except KeyboardInterrupt:
            stop("Stopped by you. What was done so far is kept; run it again to go on.", code=130)

    return run


def stop(sentence: str, *, code: int = 1) -> NoReturn:
    """End with one sentence for a person."""
    people.print(sentence, markup=False, soft_wrap=True)
    raise typer.Exit(code)


def line(**values: Any) -> None:
    """Print exactly one line of JSON."""
    sys.stdout.write(json.dumps(values, default=str) + "\n")


def check_outputs(outputs: list[Path], files: list[Path]) -> None:
    """Refuse to write over what is read or written already, or into a folder that is not there."""
    taken = {path.resolve() for path in files}
    for path in outputs:
        if path.resolve() in taken:
            raise Refused(f"{path} is read or written already: choose another name for what is to be written.")
        if not path.resolve().parent.is_dir():
            raise Refused(f"There is no folder {path.resolve().parent} to write {path.name} into.")
        taken.add(path.resolve())


def progress(*, quiet: bool = False) -> Progress:
    """A bar on the error stream, for people only."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=people,
        transient=True,
        disable=quiet or not people.is_terminal,
    )
