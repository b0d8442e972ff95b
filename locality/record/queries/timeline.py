"""What has happened and what is to come, one line a fact, newest first, by episode: two queries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from locality.access.queries import Grant, redacts
from locality.base import NotFound
from locality.record.queries.chapters import ALL, CHAPTERS, chapter_case
from locality.record.queries.episodes import Placed, grouped
from locality.record.queries.grouping import View, line_of
from locality.record.queries.identity import tells_place
from locality.record.queries.references import things_named
from locality.record.queries.rows import Row, Step, ask, held_step, read, told
from locality.record.queries.shapes import Fact, Timeline

CURSOR = re.compile(r"(-?\d{1,12}\.\d{6})_([0-9a-f-]{36})")

# what has no date of its own stands where it was said; of what has no panel, no two are known to be the same; who the
# person is, and who is close to them, did not happen; a Binary is what a document carries
DATED = """
dated as (
    select held.id, source_id, encounter, coalesce(happened_at, said_at) as at,
        case when group_key = '' or topic = 'other' then held.id::text else group_key end as fact,
        {chapter} as chapter
    from held
    join directory_source source on source.id = held.source_id
    join directory_organisation organisation on organisation.id = source.organisation_id
    where topic not in ('contact', 'reference') and type not in ('Patient', 'Binary')
)
"""
# a sender may say one thing several times: the first from each sender are one line, the second another, and so on
NUMBERED = """
numbered as (
    select *, row_number() over (partition by fact, source_id order by at desc, id desc) as nth from dated
)
"""
JOINED = """
joined as (
    select *, row_number() over (partition by fact, nth order by at desc, id desc) as speaks,
        array_agg(id) over (partition by fact, nth) as ids, array_agg(chapter) over (partition by fact, nth) as chapters
    from numbered
)
"""
LINES = "lines as (select * from joined where speaks = 1)"
COUNTED = """
counted as (
    select count(*) as lines, {counts} from lines
)
"""
# the number of a line in its chapter is counted before the page is cut
PAGE = """
page as (
    select id, ids, at, source_id, encounter, place from (
        select *, row_number() over (order by at desc, id desc) as place from lines where {chosen}
    ) placed
    where {after} order by at desc, id desc limit %s
)
"""
LAST = """
select counted.*, page.id, page.ids, extract(epoch from page.at)::numeric(18, 6)::text, page.source_id,
    page.encounter, page.place
from counted left join page on true order by page.place
"""
COUNTS = ", ".join(f"count(*) filter (where '{chapter}' = any(chapters)) as {chapter}" for chapter in CHAPTERS)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the index: its rows, when it stands, and the episode that its sender says it belongs to."""

    id: UUID
    ids: frozenset[UUID]
    at: datetime
    cursor: str
    encounters: frozenset[UUID]
    place: int


def timeline(*, grant: Grant, at: datetime, chapter: str = ALL, before: str | None = None, most: int = 30) -> Timeline:
    """A stretch of the timeline from the newest, or from `before` (the `more` of the stretch above it).

    Raises NotFound for a chapter or a place in it that does not exist.
    """
    if chapter not in (ALL, *CHAPTERS):
        raise NotFound("There is no such chapter.")
    counts, lines = _index(grant, chapter=chapter, before=before, most=most + 1)
    shown = lines[:most]
    view = View(at=at, looked_before_at=grant.looked_before_at, tells_place=tells_place(grant))
    facts, episodes = _facts(grant, shown, view) if shown else ([], {})
    labels = {ALL: "All", **CHAPTERS}
    return Timeline(
        chapter=chapter,
        chapters=tuple((code, label, counts[code]) for code, label in labels.items()),
        groups=grouped(facts, episodes, at=at),
        first=shown[0].place if shown else 0,
        shown=len(shown),
        total=counts[chapter],
        more=shown[-1].cursor if len(lines) > most else "",
    )


def _index(grant: Grant, *, chapter: str, before: str | None, most: int) -> tuple[dict[str, int], list[Line]]:
    """How many lines each chapter has, and the lines of this stretch."""
    chapters, case = chapter_case()
    chosen, in_chapter = ("true", []) if chapter == ALL else ("%s = any(chapters)", [chapter])
    after, place = ("true", []) if before is None else ("(at, id) < (to_timestamp(%s), %s)", _place(before))
    steps: list[Step] = [
        held_step(grant),
        (DATED.format(chapter=chapters), case),
        (NUMBERED, ()),
        (JOINED, ()),
        (LINES, ()),
        (COUNTED.format(counts=COUNTS), ()),
        (PAGE.format(chosen=chosen, after=after), [*in_chapter, *place, most]),
    ]
    found = ask(steps, (LAST, ()))
    counts = dict(zip((ALL, *CHAPTERS), found[0], strict=False))
    return counts, [_line(row[len(counts) :]) for row in found if row[len(counts)] is not None]


def _line(columns: tuple) -> Line:
    pk, ids, at, source, encounter, place = columns
    episodes = things_named(source=source, reference=encounter, types=("Encounter",)) if encounter else []
    return Line(
        id=pk,
        ids=frozenset(ids),
        at=datetime.fromtimestamp(float(at), UTC),
        cursor=f"{at}_{pk}",
        encounters=frozenset(episodes),
        place=place,
    )


def _place(before: str) -> list:
    found = CURSOR.fullmatch(before)
    if found is None:
        raise NotFound("There is no such place in the timeline.")
    return [found[1], UUID(found[2])]


def _facts(grant: Grant, lines: Sequence[Line], view: View) -> tuple[list[Placed], dict[str, Row]]:
    """The lines as facts, each with where it stands and the episode it belongs to; and the episodes."""
    ids = [pk for line in lines for pk in line.ids]
    things = [thing for line in lines for thing in line.encounters]
    rows = read(grant, told("id = any(%s) or (thing = any(%s) and type = 'Encounter')", ids, things))
    by_id, by_thing = {row.id: row for row in rows}, {row.thing: row for row in rows if row.type == "Encounter"}
    episodes = {_episode(row): row for row in by_thing.values()}
    placed = []
    for line in lines:
        alike = [by_id[pk] for pk in line.ids]
        belongs = next((_episode(by_thing[thing]) for thing in line.encounters if thing in by_thing), "")
        speaking = by_id[line.id]
        own = _episode(speaking) if speaking.type == "Encounter" else ""
        placed.append(Placed(_fact(grant, speaking, alike, view), line.at, belongs or own, own != "" and not belongs))
    return placed, episodes


def _episode(row: Row) -> str:
    """The same stay sent by two feeds is one episode."""
    return row.group_key or str(row.thing)


def _fact(grant: Grant, speaking: Row, alike: Sequence[Row], view: View) -> Fact:
    fact = line_of(speaking, [row for row in alike if row is not speaking], view, details=lambda _: ())
    return replace(fact, document_id="" if redacts(grant, speaking.data_class) else str(fact.id))
