"""The cast's payloads, written out for one day.

The files in `cast/` are what each source sends, one folder a source, to be read by hand. Days in them are
said from the demo's day, so that next Thursday is always to come:

    {{day-21}}  {{day-21T14:30}}   a day, or a moment in London, that many days away
    {{thu+1}}   {{fri-2T10:30}}    the next Thursday after it; the last Friday but one before it
    {{month-3}} {{year-2}}         a month, a year, no more exact than that
    {{words day-21}} {{uk day-21}} {{hl7 day-21T14:30}}   as letters, spreadsheets and HL7 v2 write them
    {{file discharge.txt}}         a file of `cast/documents/`, in base64
"""

import gzip
import re
import tomllib
from base64 import b64encode
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

CAST = Path(__file__).parent / "cast"
DOCUMENTS = CAST / "documents"
LONDON = ZoneInfo("Europe/London")

MARK = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
WHEN = re.compile(r"(?:(hl7|words|uk) )?([a-z]+)([+-]\d+)?(?:T(\d\d:\d\d))?")
FILE = re.compile(r"file ([a-z0-9][a-z0-9.-]*)")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BY_HAND = frozenset({".json", ".xml", ".ndjson", ".hl7", ".csv", ".txt"})


def the_cast() -> dict[str, Any]:
    """Who is who: `cast.toml` as it stands."""
    return tomllib.loads((Path(__file__).parent / "cast.toml").read_text(encoding="utf-8"))


def write_cast(folder: Path, *, on: date) -> list[tuple[str, Path]]:
    """Write every payload as its source would send it on this day; source codes and paths, in order."""
    written = []
    for path in sorted(CAST.glob("*/*")):
        if path.parent == DOCUMENTS:
            continue
        name, content = _as_sent(path, on=on)
        target = folder / path.parent.name / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written.append((path.parent.name, target))
    return written


def _as_sent(path: Path, *, on: date) -> tuple[str, bytes]:
    content = _filled(path, on=on)
    if path.suffix == ".hl7":
        # a segment ends with a carriage return, which editors do not write
        return path.name, content.replace(b"\r\n", b"\n").replace(b"\n", b"\r")
    if path.suffix == ".ndjson":
        return f"{path.name}.gz", gzip.compress(content, mtime=0)
    return path.name, content


def fill(text: str, *, on: date) -> str:
    """Put days in the place of marks; raise ValueError for a mark that says neither a day nor a file."""
    return MARK.sub(lambda mark: _meaning(mark[1], on=on), text)


def _filled(path: Path, *, on: date) -> bytes:
    content = path.read_bytes()
    if path.suffix not in BY_HAND:
        return content
    try:
        return fill(content.decode("utf-8"), on=on).encode("utf-8")
    except ValueError as error:
        raise ValueError(f"{path.relative_to(CAST)}: {error}") from error


def _meaning(mark: str, *, on: date) -> str:
    named = FILE.fullmatch(mark)
    if named:
        return b64encode(_filled(DOCUMENTS / named[1], on=on)).decode("ascii")
    said = WHEN.fullmatch(mark)
    if said is None:
        raise ValueError(f"{{{{{mark}}}}} says neither a day nor a file.")
    form, anchor, steps, clock = said.groups()
    if anchor in ("month", "year"):
        return _part_of_a_date(anchor, int(steps or 0), on=on)
    day = _day(anchor, int(steps or 0), on=on)
    return FORMS[form](day, time.fromisoformat(clock) if clock else None)


def _day(anchor: str, steps: int, *, on: date) -> date:
    if anchor == "day":
        return on + timedelta(days=steps)
    if anchor not in WEEKDAYS or steps == 0:
        raise ValueError(f"{anchor}{steps:+d} names no day: say day-3, or thu+1 for the next Thursday.")
    sign = 1 if steps > 0 else -1
    to_first = ((WEEKDAYS.index(anchor) - on.weekday()) * sign - 1) % 7 + 1
    return on + timedelta(days=sign * to_first + 7 * (steps - sign))


def _part_of_a_date(anchor: str, steps: int, *, on: date) -> str:
    if anchor == "year":
        return f"{on.year + steps:04d}"
    years, month = divmod(on.year * 12 + on.month - 1 + steps, 12)
    return f"{years:04d}-{month + 1:02d}"


def _iso(day: date, clock: time | None) -> str:
    return datetime.combine(day, clock, tzinfo=LONDON).isoformat() if clock else day.isoformat()


def _hl7(day: date, clock: time | None) -> str:
    return f"{day:%Y%m%d}{clock:%H%M}" if clock else f"{day:%Y%m%d}"


def _words(day: date, clock: time | None) -> str:
    spoken = f"{day:%a} {day.day} {day:%b %Y}"
    return f"{spoken}, {clock:%H:%M}" if clock else spoken


def _uk(day: date, clock: time | None) -> str:
    return f"{day:%d/%m/%Y} {clock:%H:%M}" if clock else f"{day:%d/%m/%Y}"


FORMS: dict[str | None, Callable[[date, time | None], str]] = {
    None: _iso,
    "hl7": _hl7,
    "words": _words,
    "uk": _uk,
}
