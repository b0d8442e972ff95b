"""`locality watch` and `locality verify-audit`: the background work, and whether the audit is as it was written."""

import multiprocessing
import os
import signal
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from locality.base import Refused
from locality.cli import edge

SEAL_EVERY_SECONDS = 3
MAIL_EVERY_SECONDS, FORGET_EVERY_SECONDS = 5, 600
LOOK_EVERY_SECONDS = PLAN_EVERY_SECONDS = 600
NEWS_EVERY_SECONDS = 10
# the first one lets the first pages be
REFRESH_EVERY_SECONDS, REFRESH_AFTER_SECONDS = 900, 30
FIND_EVERY_SECONDS = MEASURE_EVERY_SECONDS = 900
PARENT_ASKED_EVERY_SECONDS = 2


@edge.says_it_clearly
def watch() -> None:
    """Do the background work alone: the audit, mail, the analytical copy, lists of people. Ctrl-C stops."""
    edge.with_database()
    edge.people.print("Watching: the audit is sealed every few seconds.  (Ctrl-C stops)")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    _run(stop)


@edge.says_it_clearly
def verify_audit(as_json: bool = edge.Json) -> None:
    """Hold the whole audit against its seals and the copies of their heads; exit 1 when anything was changed."""
    edge.with_database()
    from django.conf import settings

    from locality.config import signing
    from locality.journal import actions

    started = time.perf_counter()
    key = signing.signing(settings.LOCALITY_HOME)
    heads = signing.copies([settings.LOCALITY_HOME, *settings.LOCALITY_AUDIT_COPIES])
    found = _verified(heads, key.verify)
    seconds = time.perf_counter() - started
    detail = {"events": found.events, "seals": found.seals, "faults": len(found.faults), "seconds": round(seconds, 3)}
    actions.note_upkeep(kind="verified", at=edge.now(), detail=detail)
    if as_json:
        edge.line(
            events=found.events,
            seals=found.seals,
            unsealed=found.unsealed,
            missing_unsealed=found.missing_unsealed,
            copies=len(heads),
            faults=found.faults,
            seconds=round(seconds, 3),
        )
    else:
        _say(found, copies=len(heads), seconds=seconds)
    if found.faults:
        edge.stop("The audit is not as it was written. Keep this machine as it is, and tell the privacy officer.")


def _verified(heads: Any, verify: Any, *, without: Any = None) -> Any:
    """The whole chain, from the files of the parts that have left the table and, `without` one more, from the table."""
    from locality.config import archive
    from locality.journal import queries

    here = {part.first for part in queries.parts() if part != without}
    gone = [path for first, _, path in archive.files(_archive()) if first not in here]
    after = {"after": without.until - 1} if without else {}
    try:
        return queries.verified(heads=heads, verify=verify, archived=archive.lines(gone), **after)
    except (OSError, EOFError, zlib.error, ValueError) as unreadable:
        raise Refused(f"The archive of the audit cannot be read: {unreadable}") from unreadable


def _archive() -> Path:
    from django.conf import settings

    from locality.config import archive

    return settings.LOCALITY_HOME / archive.FOLDER


@edge.says_it_clearly
def archive_audit(
    keep: int = typer.Option(2, help="How many of the parts that hold events stay in the database."),
    as_json: bool = edge.Json,
) -> None:
    """Move old, sealed parts of the audit into files, verified before they leave the database; make parts ahead."""
    edge.with_database()
    from django.conf import settings
    from django.db import transaction

    from locality.base import system
    from locality.config import archive, database, signing
    from locality.journal import actions, queries

    key = signing.signing(settings.LOCALITY_HOME)
    heads = signing.copies([settings.LOCALITY_HOME, *settings.LOCALITY_AUDIT_COPIES])
    admin = database.administrator()
    moved = []
    with database.connect(admin, admin["NAME"]) as owner:
        for part in actions.archivable(keep=keep):
            with transaction.atomic():
                lines = queries.lines(after=part.first - 1, until=part.until - 1)
                path = archive.write(_archive(), first=part.first, until=part.until, lines=lines)
            if _verified(heads, key.verify, without=part).faults:
                edge.stop(f"{path} was written, and the audit does not hold: nothing was taken out of the database.")
            actions.drop_part(owner=owner, part=part, file=path.name, by=system(at=edge.now()))
            moved.append(path.name)
        made = actions.make_parts(owner=owner)
    if as_json:
        edge.line(moved=moved, made=made)
    else:
        edge.people.print(f"{len(moved)} parts moved into {_archive()}; {made} made ahead.")


def _say(found: Any, *, copies: int, seconds: float) -> None:
    for fault in found.faults:
        edge.people.print(fault)
    sealed = found.events - found.unsealed
    edge.people.print(
        f"{sealed:,} events stand as they were sealed, in {found.seals:,} seals held against {copies:,} copies"
        if not found.faults
        else f"{found.events:,} events read, {found.seals:,} seals, {copies:,} copies",
        f"({seconds:.1f} s).",
    )
    if found.unsealed:
        edge.people.print(f"{found.unsealed:,} more are not sealed yet; `locality watch` seals them.")


@contextmanager
def watching() -> Iterator[None]:
    """The background work in a process of its own, for as long as the pages are served."""
    process = multiprocessing.get_context("spawn").Process(target=_beside, args=(os.getpid(),), name="watch")
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(timeout=10)


def _beside(parent: int) -> None:
    # Ctrl-C reaches the whole group; the parent says when it is over
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_stop_with, args=(parent, stop), daemon=True).start()
    edge.with_database()
    _run(stop)


def _stop_with(parent: int, stop: threading.Event) -> None:
    # a parent that was killed cannot say goodbye
    while os.getppid() == parent:
        if stop.wait(PARENT_ASKED_EVERY_SECONDS):
            return
    stop.set()


def _run(stop: threading.Event) -> None:
    from django.conf import settings

    from locality.config import signing
    from locality.config.pseudonyms import copy_key
    from locality.watch.events import telling_teams
    from locality.watch.leaving import leaving
    from locality.watch.looking import looking_through
    from locality.watch.loop import Chore, run
    from locality.watch.meeting import planning
    from locality.watch.reminding import reminding
    from locality.watch.sealing import sealing
    from locality.watch.transferring import transferring

    key = signing.signing(settings.LOCALITY_HOME, make=True)
    copy = copy_key(settings.LOCALITY_HOME, make=True)
    folders = [settings.LOCALITY_HOME, *settings.LOCALITY_AUDIT_COPIES]
    seal = sealing(sign=key.sign, copy_out=lambda made: signing.copy_out(made, folders=folders), now=edge.now)
    chores = [
        Chore("seal the audit", SEAL_EVERY_SECONDS, seal),
        *_mailing(),
        Chore("shut the accounts of who left", FORGET_EVERY_SECONDS, leaving(now=edge.now)),
        Chore("tell teams what happened", NEWS_EVERY_SECONDS, telling_teams(now=edge.now)),
        Chore("plan meetings", PLAN_EVERY_SECONDS, planning(now=edge.now)),
        Chore("move services whose day has come", PLAN_EVERY_SECONDS, transferring(now=edge.now)),
        Chore("tell of what is overdue", PLAN_EVERY_SECONDS, reminding(now=edge.now)),
        Chore("look through the audit", LOOK_EVERY_SECONDS, looking_through(now=edge.now)),
    ]
    later = _slow(copy)
    threading.Thread(target=_later, args=(lambda: run(later, stop=stop), stop), daemon=True).start()
    run(chores, stop=stop)


def _slow(copy: Any) -> list[Any]:
    """What takes minutes, one after another."""
    from locality.watch.finding import finding
    from locality.watch.loop import Chore
    from locality.watch.measuring import measuring
    from locality.watch.picturing import picturing
    from locality.watch.refreshing import refreshing

    # a refresh takes minutes of a whole borough, and nothing else waits for it
    refresh = Chore("refresh the analytical copy", REFRESH_EVERY_SECONDS, refreshing(key=copy, now=edge.now))
    find = Chore("find people", FIND_EVERY_SECONDS, finding(key=copy, now=edge.now))
    # after the refresh of the same turn, and before the lists: a picture takes seconds
    draw = Chore("draw the picture", FIND_EVERY_SECONDS, picturing(now=edge.now))
    figures = measuring(synthetic=edge.is_synthetic(), now=edge.now)
    return [refresh, draw, find, Chore("work out measures", MEASURE_EVERY_SECONDS, figures)]


def _mailing() -> list[Any]:
    """The chores by which something leaves."""
    from locality.watch import mail
    from locality.watch.loop import Chore
    from locality.watch.posting import sending
    from locality.watch.transferring import writing_to_people

    return [
        Chore("answer forgotten passwords", MAIL_EVERY_SECONDS, mail.answering(now=edge.now)),
        Chore("tell whoever's sign-in was changed", MAIL_EVERY_SECONDS, mail.telling()),
        Chore("forget what is over", FORGET_EVERY_SECONDS, mail.forgetting(now=edge.now)),
        Chore("write to people whose service moved", MAIL_EVERY_SECONDS, writing_to_people(now=edge.now)),
        Chore("send what waits to go", MAIL_EVERY_SECONDS, sending(now=edge.now)),
    ]


def _later(begin: Callable[[], None], stop: threading.Event) -> None:
    if not stop.wait(REFRESH_AFTER_SECONDS):
        begin()
