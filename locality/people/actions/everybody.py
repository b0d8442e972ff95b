"""Everybody linked at once: pairs by Splink on an engine handed in, kept by their difference; then every component.

What an arrival does for those it touches, this does for all, and ends with the same people. It may be stopped and run
again at any time: each step writes only what is not so yet, in transactions of bounded size, and a second run writes
nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

from locality.base import Refused, Viewer
from locality.journal.actions import log, tell
from locality.journal.models import News
from locality.methods.linkage.pairing import PAIRS, pairs_of_rows
from locality.methods.linkage.settings import settings
from locality.methods.linkage.standard import standard
from locality.methods.linkage.standardising import KEYS, standardise
from locality.people import rules
from locality.people.actions.comparing import GONE as GONE_PAIRS
from locality.people.actions.comparing import Arrived, Weight, keep_pairs
from locality.people.actions.linking import Linking, link, link_again
from locality.people.actions.merging import one_at_a_time
from locality.people.actions.models import train_model
from locality.people.queries import linking as queries
from locality.people.queries.asking import rows, written
from locality.people.queries.linking import Compared, Two
from locality.people.rules import Moved

AT_ONCE = 2000  # patients, or so many pairs times ten, in one transaction
ALREADY = "Everybody is being linked already: wait until that has ended."
# what is going on, how much of it is done, and of how much
Tell = Callable[[str, int, int], None]
Follow = Callable[[Sequence[Moved]], None]


@dataclass(slots=True)
class Everybody:
    """What a run over everybody found and changed."""

    patients: int = 0
    pairs: int = 0
    crowds: int = 0  # keys that too many share to tell anybody apart
    keys_changed: int = 0
    pairs_changed: int = 0
    pairs_gone: int = 0
    links_changed: int = 0
    asked_changed: int = 0

    def take(self, linked: Linking) -> None:
        """Take in what was changed of links and questions."""
        self.links_changed += linked.links
        self.asked_changed += linked.asked

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        pairs = self.pairs_changed + self.pairs_gone + self.asked_changed
        return bool(self.keys_changed + pairs + self.links_changed)


def link_everybody(
    *,
    engine: Any,
    by: Viewer,
    train: bool = False,
    follow: Follow = lambda moves: None,
    show: Tell = lambda words, done, of: None,
) -> Everybody:
    """Link every patient to a person, or find that all is so already; with `train`, learn a model here first.

    `engine` is a DuckDB connection. `follow` is called in the transaction in which patients move. Raises Refused when
    it is being done already, and where there are too few patients to train on.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended('people.everybody', 0))")
        if not cursor.fetchone()[0]:
            raise Refused(ALREADY)
    try:
        return _link_everybody(engine, by=by, train=train, follow=follow, show=show)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended('people.everybody', 0))")


def _link_everybody(engine: Any, *, by: Viewer, train: bool, follow: Follow, show: Tell) -> Everybody:
    found = Everybody()
    _read(engine, show)
    found.patients = standardise(engine, "patients_said", by=settings())
    if train:
        train_model(engine=engine, rows=found.patients, by=by)
    paired = pairs_of_rows(
        engine,
        queries.model_in_use(),
        least=settings().worth,
        tell=lambda done, of: show("Comparing", done, of),
    )
    found.crowds = paired.crowded
    _mend_keys(engine, found, by=by)
    again = _refresh_pairs(engine, found, by=by, show=show)
    _settle(engine, again, found, by=by, follow=follow, show=show)
    if found.changed:
        with transaction.atomic():
            detail = {name: getattr(found, name) for name in Everybody.__slots__}
            log(what="linkage.finished", by=by, detail=detail)
            tell([News(at=by.at, what="linkage.finished", detail=detail)])
    return found


# ---- what is compared, in the engine


LISTS = ("given_name", "family_name", "postcode")
PLAIN = ("birth_date", "sex", "address_line", "address_line2", "phone", "email", "nhs_number")


def _read(engine: Any, show: Tell) -> None:
    """Make `patients_said` in the engine: what of each patient is compared, the keys it has now, and its mark."""
    columns = [f"{name} text[]" for name in LISTS] + [f"{name} text" for name in PLAIN]
    engine.execute(
        f"create or replace temp table patients_said (id text, {', '.join(columns)}, held_keys bigint[], mark text)"
    )
    done = 0
    for some in queries.everybody():
        engine.register("arriving", _as_table(some))
        engine.execute("insert into patients_said select * from arriving")
        engine.unregister("arriving")
        done += len(some)
        show("Reading", done, 0)


def _as_table(some: Sequence[tuple[Compared, str]]) -> Any:
    import pyarrow

    words = [rules.words_of(row) for row, _ in some]
    text, texts = pyarrow.string(), pyarrow.list_(pyarrow.string())
    columns = {"id": pyarrow.array([str(row.id) for row, _ in some], text)}
    for names, kind in ((LISTS, texts), (PLAIN, text)):
        columns |= {name: pyarrow.array([one[name] or None for one in words], kind) for name in names}
    columns["held_keys"] = pyarrow.array([row.keys for row, _ in some], pyarrow.list_(pyarrow.int64()))
    columns["mark"] = pyarrow.array([mark for _, mark in some], text)
    return pyarrow.table(columns)


# ---- keys


OTHER_KEYS = f"""
select said.id, made.keys
from patients_said said
join linkage_rows as rows on rows.id = said.id
left join (select n, list_sort(list(distinct key)) as keys from {KEYS} group by n) made on made.n = rows.n
where coalesce(made.keys, []) <> list_sort(said.held_keys)
order by said.id
"""  # noqa: S608 -- only our own names stand in it


def _mend_keys(engine: Any, found: Everybody, *, by: Viewer) -> None:
    """Give patients the keys that their words make: those never compared, and all after other blocks are settled on."""
    expected = {UUID(patient): set(keys or ()) for patient, keys in engine.execute(OTHER_KEYS).fetchall()}
    for some in _in_parts(sorted(expected), AT_ONCE):
        with transaction.atomic():
            queries.known([], locked=some)
            arrived = Arrived()
            for row in queries.compared(some):
                arrived.add(row.id, standard(rules.words_of(row)), before=row.keys)
            marks = _write_keys(arrived, by=by)
        same = [(str(one), mark) for one, mark in marks.items() if set(arrived.keys[one]) == expected[one]]
        if same:
            engine.executemany("update patients_said set mark = $2 where id = $1", same)
        found.keys_changed += len(some)


GAINED = """
insert into people_blockingkey (key, patient_id)
select key, patient from unnest(%s::bigint[], %s::uuid[]) as gained(key, patient) order by key, patient
on conflict do nothing
"""
LOST = """
delete from people_blockingkey held using unnest(%s::bigint[], %s::uuid[]) as lost(key, patient)
where held.key = lost.key and held.patient_id = lost.patient
"""
KEYS_OF = """
update people_patient patient set keys = made.keys, compared_at = %s::timestamptz
from jsonb_to_recordset(%s::jsonb) as made(id uuid, keys bigint[]) where patient.id = made.id
returning patient.id, patient.xmin::text
"""


def _write_keys(arrived: Arrived, *, by: Viewer) -> dict[UUID, str]:
    """Let these patients be found by the keys they have now; returns the mark of each as it is written."""
    for sql, keys in ((LOST, arrived.lost), (GAINED, arrived.gained)):
        written(sql, [[key for key, _ in keys], [patient for _, patient in keys]])
    made = [{"id": str(patient), "keys": list(keys)} for patient, keys in arrived.keys.items()]
    return dict(rows(KEYS_OF, [by.at, json.dumps(made)]))


# ---- pairs


OTHERWISE = f"""
select p.first, p.second, p.weight, p.probability, p.levels, p.state, p.certain, p.cautions, one.mark, other.mark
from {PAIRS} p
join patients_said one on one.id = p.first
join patients_said other on other.id = p.second
left join held_pairs held on held.first = p.first and held.second = p.second
where p.state in ('match', 'possible') and (
    held.first is null or abs(held.weight - p.weight) > 0.00001 or held.levels <> p.levels
    or held.version <> $version or held.certain <> p.certain or held.state <> p.state
    or not list_has_all(held.cautions, p.cautions)
)
order by p.first, p.second
"""  # noqa: S608 -- only our own names stand in it
GONE = f"""
select held.first, held.second, one.mark, other.mark
from held_pairs held
join patients_said one on one.id = held.first
join patients_said other on other.id = held.second
where not exists (
    select 1 from {PAIRS} p
    where p.first = held.first and p.second = held.second and p.state in ('match', 'possible')
)
order by held.first, held.second
"""  # noqa: S608 -- only our own names stand in it


def _refresh_pairs(engine: Any, found: Everybody, *, by: Viewer, show: Tell) -> set[UUID]:
    """Write what of the pairs is otherwise than it is kept; returns the patients who were written anew meanwhile."""
    _read_pairs(engine)
    found.pairs = engine.execute(
        f"select count(*) from {PAIRS} where state in ('match', 'possible')"  # noqa: S608 -- our own name
    ).fetchall()[0][0]
    again: set[UUID] = set()
    new = engine.execute(OTHERWISE, {"version": settings().version}).fetchall()
    for done, some in enumerate(_in_parts(new, 10 * AT_ONCE), 1):
        weighed = {(UUID(row[0]), UUID(row[1])): (_weight(row), row[8:]) for row in some}
        with transaction.atomic():
            one_at_a_time()
            kept, others = _unwritten({two: marks for two, (_, marks) in weighed.items()})
            found.pairs_changed += keep_pairs({two: weighed[two][0] for two in kept}, by=by)
        again |= others
        show("Keeping pairs", min(done * 10 * AT_ONCE, len(new)), len(new))
    gone = {(UUID(one), UUID(two)): tuple(marks) for one, two, *marks in engine.execute(GONE).fetchall()}
    for some in _in_parts(gone, 10 * AT_ONCE):
        with transaction.atomic():
            one_at_a_time()
            kept, others = _unwritten({two: gone[two] for two in some})
            found.pairs_gone += _forget(kept)
        again |= others
    return again


def _read_pairs(engine: Any) -> None:
    import pyarrow

    engine.execute(
        "create or replace temp table held_pairs"
        " (first text, second text, weight double, levels tinyint[], state text, certain boolean, cautions text[],"
        " version text)"
    )
    for some in queries.held_pairs():
        told = [(str(one), str(two), *rest) for one, two, *rest in some]
        names = ("first", "second", "weight", "levels", "state", "certain", "cautions", "version")
        engine.register("arriving", pyarrow.table(dict(zip(names, map(list, zip(*told, strict=True)), strict=True))))
        engine.execute(
            "insert into held_pairs select first, second, weight, levels,"
            " case state when 'many' then 'match' else state end, certain, cautions, version from arriving"
        )
        engine.unregister("arriving")


def _weight(row: Sequence[Any]) -> Weight:
    return Weight(round(row[2], 6), row[3], tuple(row[4]), row[5], row[6], tuple(row[7]))


def _unwritten(pairs: dict[Two, Sequence[str]]) -> tuple[list[Two], set[UUID]]:
    """Those pairs neither of whose patients was written anew since they were read; and the patients who were."""
    now = queries.marks({one for two in pairs for one in two})
    anew = {one for two, marks in pairs.items() for one, mark in zip(two, marks, strict=True) if now.get(one) != mark}
    return [two for two in pairs if anew.isdisjoint(two)], anew


def _forget(pairs: Sequence[Two]) -> int:
    return written(GONE_PAIRS, [[one for one, _ in pairs], [two for _, two in pairs]])


# ---- people


def _settle(engine: Any, again: set[UUID], found: Everybody, *, by: Viewer, follow: Follow, show: Tell) -> None:
    """Work out every component, those who hang together in one transaction; first those written anew meanwhile."""
    for some in _in_parts(sorted(again), AT_ONCE):
        with transaction.atomic():
            arrived = Arrived()
            for row in queries.compared(some):
                arrived.add(row.id, standard(rules.words_of(row)), before=row.keys)
            linked = link(arrived=arrived, by=by)
            follow(linked.moves)
        found.take(linked)
    done = 0
    for some in _components(engine):
        with transaction.atomic():
            linked = link_again(patients=some, by=by)
            follow(linked.moves)
        found.take(linked)
        done += len(some)
        show("Linking", done, found.patients)


def _components(engine: Any) -> Iterator[list[UUID]]:
    """All patients, those of one component one after the other, so many at a time and never a component in two."""
    pairs = engine.execute(f"select first, second from {PAIRS} where state in ('match', 'possible')").fetchall()  # noqa: S608
    root: dict[str, str] = {}

    def found(one: str) -> str:
        while (above := root.get(one, one)) != one:
            root[one] = root.get(above, above)
            one = root[one]
        return one

    for one, two in pairs:
        first, second = sorted((found(one), found(two)))
        root[second] = first
    everybody = [patient for (patient,) in engine.execute("select id from patients_said").fetchall()]
    part: list[UUID] = []
    last = ""
    for component, patient in sorted((found(one), one) for one in everybody):
        if len(part) >= AT_ONCE and component != last:
            yield part
            part = []
        part.append(UUID(patient))
        last = component
    if part:
        yield part


T = TypeVar("T")


def _in_parts(many: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(many)
    while some := list(islice(rest, size)):
        yield some
