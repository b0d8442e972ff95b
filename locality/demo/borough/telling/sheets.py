"""The two voluntary organisations' spreadsheets, in the columns that the pack's mappings read."""

import csv
import io
from collections.abc import Iterator

from locality.demo.borough import names
from locality.demo.borough.chance import chance
from locality.demo.borough.known import Known
from locality.demo.borough.life import Life
from locality.demo.borough.people import Window
from locality.demo.borough.telling.staff import PHONE
from locality.demo.borough.telling.stamps import uk, uk_stamp

HEADS = {
    "persona": (
        "Person ref", "Title", "Given name", "Family name", "Born", "Gender", "NHS no", "Address", "Postcode", "Visit",
        "Service", "Start", "End", "Status", "Key worker", "Key worker's phone", "Notes", "Changed",
    ),
    "vcfa": (
        "Our ID", "First name", "Surname", "Likes to be called", "Date of birth", "Sex", "NHS number", "Address",
        "Town", "Postcode", "Phone", "Befriender", "Befriender's phone", "Started", "Last visit", "What happened",
        "Next visit", "Until", "Updated",
    ),
}  # fmt: skip
SHEETS_IN = "cp1252"
NOTES = (
    "Ate well. Joined in with the singing.",
    "Quiet today. Home early by taxi.",
    "Won at dominoes, and said so.",
    "A little unsteady from the chair: told the family.",
    "Talked about the mill.",
    "",
    "",
)
VISITS = (
    "Tea and the crossword. In good heart.",
    "Walked to the corner and back.",
    "Missing the shop. We looked at photographs.",
    "Not sleeping well; has rung the practice.",
    "A neighbour was there too; we all had cake.",
)


def head(source: str) -> bytes:
    """The sheet's first line."""
    return _line(HEADS[source])


def day_care(life: Life, known: Known, *, window: Window) -> Iterator[tuple[bytes, int]]:
    """A row for each day at day care, past or to come, and how many resources it is read as."""
    episode = life.day_care
    if episode is None:
        return
    rng = chance("day-care", known.local_id)
    worker = rng.choice(("Dev Ashgar", "Shaz Millgate", "Carol Dunleigh", "Ben Okoroji"))
    for visit in episode.contacts:
        to_come = visit.day >= window.end
        status = "Booked" if to_come else rng.choice(("Attended",) * 6 + ("Cancelled", "Did not attend"))
        note = rng.choice(NOTES) if status == "Attended" else ""
        row = _line(
            (
                known.local_id, known.prefix, known.given[0], known.family, uk(known.born.toordinal()),
                known.sex.capitalize(), _spaced(known.nhs_number), ", ".join(known.address.lines),
                known.address.postcode, f"V-{known.local_id[2:]}-{visit.day}", episode.service,
                uk_stamp(visit.day, visit.minute), uk_stamp(visit.day, visit.minute + 240), status, worker,
                PHONE.format(630 + len(worker)), note, uk(window.end - 2),
            )
        )  # fmt: skip
        yield row, 4 + bool(note)


def befriending(life: Life, known: Known, *, window: Window) -> Iterator[tuple[bytes, int]]:
    """One row a person, as it stands this week, and how many resources it is read as."""
    episode = life.befriended
    if episode is None:
        return
    rng = chance("befriending", known.local_id)
    befriender = f"{rng.choice(('Jan', 'Geoff', 'Nasima', 'Pearl', 'Alan'))} {names.family('british', rng)}"
    past = [visit for visit in episode.contacts if visit.day < window.end]
    last = past[-1] if past else None
    coming = next((visit for visit in episode.contacts if visit.day >= window.end), None)
    row = _line(
        (
            known.local_id, known.given[0], known.family, known.likes, uk(known.born.toordinal()),
            known.sex[0].upper(), _spaced(known.nhs_number), ", ".join(known.address.lines), known.address.town,
            known.address.postcode, known.landline or known.mobile, befriender, PHONE.format(620),
            uk(episode.start), uk_stamp(last.day, last.minute) if last else "", rng.choice(VISITS) if last else "",
            uk_stamp(coming.day, coming.minute) if coming else "",
            uk_stamp(coming.day, coming.minute + 90) if coming else "", uk(window.end - 1),
        )
    )  # fmt: skip
    yield row, 3 + bool(last) + bool(coming)


def _spaced(number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}" if number else ""


def _line(cells: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    # the sheet's program knows Western letters only: the others lose their marks
    return "".join(one if _fits(one) else names.plain(one) for one in out.getvalue()).encode(SHEETS_IN, "replace")


def _fits(letter: str) -> bool:
    return letter.isascii() or bool(letter.encode(SHEETS_IN, "ignore"))
