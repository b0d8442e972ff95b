"""Notes about Peggy, and who is close to her: written as on the pages, once, however often the demo is made.

All are written on the day the demo is made, about days before: her team has known her, here, no longer.
"""

import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.base import NoAccess, Viewer
from locality.base.ids import named_id
from locality.base.periods import LONDON
from locality.demo.work.who import PersonOf, ViewerOf
from locality.neighbourhoods.actions import families, notes
from locality.neighbourhoods.actions.families import Named
from locality.neighbourhoods.actions.notes import Also, Brought, Said
from locality.neighbourhoods.queries import notes as written
from locality.neighbourhoods.queries.families import family, had_key_safe
from locality.neighbourhoods.rules.families import ContactRole
from locality.neighbourhoods.rules.notes import Mood, NoteKind

# who acts at a moment, by user name; a person of the cast, by key; and a code, sealed as the pages seal it
Sealing = Callable[[UUID, str, str], bytes]

DAYS = (
    (15, "52.9", (128, 72), 76),
    (11, "52.6", (126, 70), 78),
    (7, "52.1", (118, 68), 82),
    (2, "51.8", (112, 66), 84),
)


def make_notes(*, viewer: ViewerOf, person: PersonOf, now: datetime, sealing: Sealing | None = None) -> None:
    """A handful of notes about Peggy, a correction, and who is close to her; left alone where any is there."""
    peggy, joanne = person("peggy"), viewer("joanne.fielding", now)
    if joanne is None:
        return
    # whoever tries the demo may have ended why she knows them
    with suppress(NoAccess):
        _of_peggy(viewer, open_record(person_id=peggy, by=joanne, what="notes.opened"), ann=person("ann"), now=now)
    with suppress(NoAccess):
        # Peggy wants no key safe: it stands on her card
        terry = open_record(person_id=person("terry"), by=joanne, what="family.opened")
        if sealing is not None and not had_key_safe(grant=terry):
            sealed = sealing(terry.person.pk, "2580", "Left of the back door, behind the drainpipe")
            families.keep_key_safe(sealed=sealed, said_by="He himself", grant=terry, by=joanne)


def _of_peggy(viewer: ViewerOf, grant: Grant, *, ann: UUID, now: datetime) -> None:
    if not written.of_person(grant=grant)[0]:
        for make in (_visits, _fall, _corrected, _rang):
            make(viewer, grant.person.pk, now=now)
    known = family(grant=grant, at=now)
    if not known.close and not known.past:
        _family(grant, grant.viewer, ann=ann)


def _at(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    on = now.astimezone(LONDON) - timedelta(days=days)
    return on.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _write(
    viewer: ViewerOf,
    who: str,
    peggy: UUID,
    *,
    at: datetime,
    now: datetime,
    also: Also = notes.NOTHING_ELSE,
    **told: Any,
) -> UUID | None:
    by = viewer(who, now)
    if by is None:
        return None
    grant = open_record(person_id=peggy, by=by, what="note.begun")
    said = Said(happened_at=at, **told)
    return notes.write(form=named_id("demo note", who, str(at)), said=said, also=also, grant=grant, by=by).thing


def _visits(viewer: ViewerOf, peggy: UUID, *, now: datetime) -> None:
    """Two weeks of a nurse's visits: her weight and her blood pressure go down."""
    for number, (days, weight, (upper, lower), pulse) in enumerate(DAYS):
        wound = {
            "where": "Left shin",
            "kind": "skin tear",
            "length": str(45 - 7 * number),
            "width": str(25 - 4 * number),
        }
        picture = Also(files=[Brought(name="Left shin, beside a ruler.png", content=_picture(45 - 7 * number))])
        readings = {"weight": weight, "systolic": str(upper), "diastolic": str(lower), "pulse": str(pulse)}
        readings |= {"resp_rate": "16", "spo2": "96", "temperature": "36.6", "pain": "2"}
        _write(
            viewer,
            "joanne.fielding",
            peggy,
            at=_at(now, days, 10, 30),
            now=now,
            also=picture if number == len(DAYS) - 1 else notes.NOTHING_ELSE,
            kind=NoteKind.VISIT,
            words=VISITS[number],
            readings={name: Decimal(value) for name, value in readings.items()},
            on_oxygen=False,
            consciousness="A",
            wound=wound | {"state": "healing" if number else "same"},
            mood=Mood.CONTENT if number < 2 else Mood.FLAT,
        )


VISITS = (
    "Dressed the skin tear on her left shin; flap in place, edges pink. She made me tea, and told me about the mill.",
    "Dressing changed. Clean, no odour. Eating half her dinners: she says that nothing tastes of anything.",
    "Dressing changed, closing from the edges. Lighter again. Agreed with her: full-fat milk, and cake before bread.",
    "Dressing changed, nearly closed. Looked tired. Felt giddy when she stood: lying 122/70, standing 104/62 after a "
    "minute. Asked Dr Marsden to look at her water tablet.",
)


def _fall(viewer: ViewerOf, peggy: UUID, *, now: datetime) -> None:
    _write(
        viewer,
        "tom.brierley",
        peggy,
        at=_at(now, 5, 14),
        now=now,
        kind=NoteKind.VISIT,
        with_whom="Ann",
        words="She went down on the landing in the night on the way to the toilet, and did not like to say so. "
        "Bernard next door heard her at seven. Stick by the bed now, and a light that comes on by itself.",
        fall={
            **{"when": "Four in the morning, two days before", "where": "On the landing"},
            **{"doing": "Going to the toilet in the dark", "injured": "little", "head": "no"},
            **{"got_up": "helped", "lay": "long"},
        },
        mood=Mood.FLAT,
    )


def _corrected(viewer: ViewerOf, peggy: UUID, *, now: datetime) -> None:
    """Written in a hurry, and put right."""
    told: dict[str, Any] = {"kind": NoteKind.TELEPHONE, "with_whom": "Ann, her daughter"}
    words = "Ann rang: she is away from Friday and {who} looks in. She is worn out herself, and would not say so."
    at = _at(now, 3, 16, 10)
    thing = _write(viewer, "sadia.rahman", peggy, at=at, now=now, words=words.format(who="Barbara"), **told)
    by = viewer("sadia.rahman", now)
    if thing is None or by is None:
        return
    grant = open_record(person_id=peggy, by=by, what="notes.opened")
    notes.correct(
        thing=thing,
        version=1,
        said=Said(happened_at=at, words=words.format(who="Bernard"), **told),
        why="It is Bernard next door who looks in, not Barbara",
        grant=grant,
        by=by,
    )


def _rang(viewer: ViewerOf, peggy: UUID, *, now: datetime) -> None:
    _write(
        viewer,
        "marcus.obi",
        peggy,
        at=_at(now, 1, 11, 45),
        now=now,
        kind=NoteKind.FAMILY,
        with_whom="Peggy and Ann, on the telephone",
        words="Both want the carer's assessment for Ann. Peggy says that Ann should have a day a week to herself.",
    )


def _family(grant: Grant, by: Viewer, *, ann: UUID) -> None:
    """Ann, taken over from what sources sent, and then what only she could say; her neighbour still waits to be."""
    row = families.take_over(key="ann lomas", at=by.at, grant=grant, by=by)
    named = Named(
        name="Ann Lomas",
        relation="daughter",
        phone=row.phone,
        roles=(ContactRole.NEXT_OF_KIN, ContactRole.CARER, ContactRole.ATTORNEY_HEALTH),
        said_by="Peggy herself; lasting power of attorney seen by Sister Fielding",
        words="Rings at six every evening. Says that she is fine: ask twice.",
        who=ann,
    )
    families.change_contact(
        thing=row.thing, version=1, named=named, why="Peggy showed the registered power of attorney", grant=grant, by=by
    )


def _picture(length: int) -> bytes:
    """A drawing of a wound so many millimetres long, beside a ruler: nobody's skin is in the demo."""
    wide, high = 240, 120
    rows = bytearray()
    for y in range(high):
        rows.append(0)
        for x in range(wide):
            inside = ((x - 120) / (2 * length)) ** 2 + ((y - 50) / 22) ** 2 < 1
            rows += _dot(x, y, inside=inside)
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, told) for name, told in parts)


def _dot(x: int, y: int, *, inside: bool) -> bytes:
    if y > 95:
        return b"\x1c\x2b\x2e" if x % 20 == 0 or y > 116 else b"\xf8\xf4\xe8"
    return b"\xb3\x5a\x55" if inside else b"\xe8\xc4\xae"


def _chunk(name: bytes, told: bytes) -> bytes:
    return struct.pack(">I", len(told)) + name + told + struct.pack(">I", zlib.crc32(name + told))
