"""`locality serve`: the pages, on one port."""

import os
from typing import Annotated

import typer

from locality.cli import edge
from locality.cli.watch import watching

Port = Annotated[int, typer.Option(help="The port to listen on.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]


@edge.says_it_clearly
def serve(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="How many server processes; 0 for one a core.")] = 0,
) -> None:
    """Serve the pages, and do the background work beside them; Ctrl-C stops."""
    # passkeys and links in mail name the address that the pages are at
    os.environ.setdefault("LOCALITY_URL", f"http://localhost:{port}")
    edge.start_django()
    from locality.config import serving

    serving.ready()
    serving.collect_static_files()
    run(port=port, host=host, workers=workers)


def run(*, port: int, host: str, workers: int) -> None:
    """Run the web server until it is stopped."""
    # imported late: only this command needs them
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces

    # the server forks its workers: a connection that two of them shared would garble both
    connections.close_all()
    edge.people.print(f"Locality is at http://{'localhost' if host == '127.0.0.1' else host}:{port}/  (Ctrl-C stops)")
    pages = Granian(
        "locality.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or min(len(os.sched_getaffinity(0)), 4),
        blocking_threads=4,
        log_level="warning",  # type: ignore[arg-type]
        websockets=False,
    )
    with watching():
        pages.serve()
