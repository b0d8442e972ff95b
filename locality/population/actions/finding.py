"""Finding people: one criterion is asked of the copy, and lists are made no longer than the teams can help."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import duckdb
from django.db import transaction

from locality.access.rules import DataClass
from locality.base import NotFound, Viewer
from locality.base.periods import day_of
from locality.directory.models import Source
from locality.journal.actions import log, log_each
from locality.population.actions.going_back import go_back
from locality.population.criteria import Criterion, criterion_of
from locality.population.models import CaseFindingRun, CriterionVersion, Found, FoundReason
from locality.population.queries import asked
from locality.population.queries.asked import Asked, Why
from locality.population.queries.copy import manifest, open_copy
from locality.population.queries.lines import lines_of, said_by
from locality.population.queries.standing import (
    Room,
    Teams,
    practices_of,
    put_forward_already,
    reviewed_lately,
    still_here,
)
from locality.population.rules import lists
from locality.population.rules.finding import WAITS, FoundState

# from the copy's pseudonyms to people: an audited action, asked once for a whole list
GoBack = Callable[[Sequence[str]], Mapping[str, UUID]]
NO_CRITERION = "There is no criterion '{code}' here: {known}."
NONE_AT_ALL = "the pack has none; docs/finding.md says how to write one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Somebody about to go on a list: as the copy knows them, and who they are."""

    asked: Asked
    person: UUID
    room: Room
    rank: int


def criteria_to_run(*, place_id: UUID, code: str = "") -> list[CriterionVersion]:
    """The criteria that hold in a place, or the one of a code; raises NotFound naming those there are."""
    rows = list(CriterionVersion.objects.filter(place=place_id, retired_at=None).order_by("code"))
    chosen = [row for row in rows if code in ("", row.code)]
    if code and not chosen:
        known = ", ".join(row.code for row in rows) or NONE_AT_ALL
        raise NotFound(NO_CRITERION.format(code=code, known=known))
    return chosen


@transaction.atomic
def run(
    *,
    criterion: CriterionVersion,
    duck: duckdb.DuckDBPyConnection,
    back: GoBack,
    by: Viewer,
    copy_made_at: datetime | None = None,
) -> CaseFindingRun:
    """Make this criterion's lists anew from the copy: asked twice of the same, it makes the same lists.

    Who waits and is found no more leaves the list; who was reviewed within the criterion's period is not asked about.
    Nobody is shown to anybody here: each person listed is written down once.
    """
    # two runs at once would both fill the room that is left
    row = CriterionVersion.objects.select_for_update(of=("self",)).select_related("place").get(pk=criterion.pk)
    rule, on = criterion_of(row.written), day_of(by.at)
    everybody, worth = asked.found_by(duck, criterion=rule, on=on), _worth(duck, rule=rule, on=on)
    # who is being answered for now is answered for first: else they would be listed again
    ours = Found.objects.select_for_update(of=("self",)).filter(code=rule.code, criterion__place=row.place)
    before = list(ours.filter(state__in=WAITS))
    listing, left_out, rooms = _listing(everybody, row=row, rule=rule, on=on, back=back)
    made = CaseFindingRun.objects.create(
        criterion=row,
        on=on,
        copy_made_at=copy_made_at,
        started_at=by.at,
        by_id=by.id,
        found=len(everybody),
        listed=len(listing),
        left_out=left_out,
        lists=_told(rooms, listing),
        worth=worth,
    )
    missing = _write(made, listing, before=before, rule=rule, duck=duck, on=on, by=by)
    if missing:
        made.left_out = left_out | {lists.LINE_NOT_FOUND: missing}
        made.save(update_fields=["left_out"])
    log(what="finding.run", by=by, about=made.pk, detail={"criterion": rule.code, "listed": len(listing)})
    return made


def _listing(
    everybody: Sequence[Asked], *, row: CriterionVersion, rule: Criterion, on: date, back: GoBack
) -> tuple[list[Listing], dict[str, int], list[Room]]:
    """Who goes on whose list, in order; how many do not, and why."""
    teams = Teams(place=row.place, criterion=rule, on=on)
    rooms = teams.rooms(code=rule.code, on=on)
    by_team = {room.team.pk: room for room in rooms}
    placed = [(one, team.pk) for one in everybody if (team := teams.team_of(one)) is not None and team.pk in by_team]
    out = Counter({lists.NO_TEAM: len(everybody) - len(placed)})
    reviewed = reviewed_lately(criterion=rule, place=row.place, on=on)
    waiting = put_forward_already(team_ids=by_team)
    # those who are left alone are known as people, not to the copy: so many more are asked for as might be passed over
    spare = len(reviewed) + len(waiting)
    first, rest = lists.cut(placed, room={pk: room.left + (room.left and spare) for pk, room in by_team.items()})
    ids = back([one.person for one, _ in first])
    people = still_here(list(ids.values()))
    kept: list[tuple[tuple[Asked, UUID], UUID]] = []
    for one, team_id in first:
        person = people.get(ids[one.person]) if one.person in ids else None
        if person is None:
            out[lists.NOT_HERE] += 1
        elif person.pk in reviewed:
            out[lists.REVIEWED] += 1
        elif (person.pk, team_id) in waiting:
            out[lists.PUT_FORWARD] += 1
        else:
            kept.append(((one, person.pk), team_id))
    chosen, others = lists.cut(kept, room={pk: room.left for pk, room in by_team.items()})
    out[lists.NO_ROOM] = len(rest) + len(others)
    return _ranked(chosen, by_team), {words: count for words, count in out.items() if count}, rooms


def _ranked(chosen: Sequence[tuple[tuple[Asked, UUID], UUID]], by_team: Mapping[UUID, Room]) -> list[Listing]:
    ranks: Counter[UUID] = Counter()
    found = []
    for (one, person), team in chosen:
        ranks[team] += 1
        found.append(Listing(asked=one, person=person, room=by_team[team], rank=ranks[team]))
    return found


def _told(rooms: Sequence[Room], listing: Sequence[Listing]) -> list[dict[str, Any]]:
    listed = Counter(one.room.team.pk for one in listing)
    return [
        {
            "team": room.team.code,
            "name": room.team.name,
            "a_month": room.a_month,
            "accepted": room.accepted,
            "listed": listed[room.team.pk],
        }
        for room in rooms
    ]


def _worth(duck: duckdb.DuckDBPyConnection, *, rule: Criterion, on: date) -> dict[str, Any]:
    found = asdict(asked.worth(duck, criterion=rule, on=on))
    return found | {"on": found["on"].isoformat(), "until": found["until"].isoformat(), "at": list(found["at"])}


# ---- writing the lists


def _write(
    made: CaseFindingRun,
    listing: Sequence[Listing],
    *,
    before: Sequence[Found],
    rule: Criterion,
    duck: duckdb.DuckDBPyConnection,
    on: date,
    by: Viewer,
) -> int:
    """Write the lists over those of the run before; returns how many reasons have no line in the record."""
    waited = {(row.person_id, row.team_id): row for row in before}
    practices = practices_of(made.criterion.place, codes=[one.asked.practice for one in listing])
    rows = []
    for one in listing:
        row = waited.pop((one.person, one.room.team.pk), None) or Found(person_id=one.person, team=one.room.team)
        rows.append(_row(row, one, made=made, rule=rule, practice=practices.get(one.asked.practice), by=by))
    # whoever was put off to a day that has not come stays put off
    gone = [row.pk for row in waited.values() if row.state == FoundState.WAITING or (row.later_on or on) <= on]
    Found.objects.filter(pk__in=gone).update(state=FoundState.OVER, later_on=None)
    FoundReason.objects.filter(found__in=[row.pk for row in rows]).delete()
    Found.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=UPDATED, batch_size=1000)
    log_each(what="finding.listed", by=by, people=[row.person_id for row in rows], detail={"run": str(made.pk)})
    sources = {row.code: row for row in Source.objects.filter(place=made.criterion.place)}
    return _write_reasons(rows, listing, rule=rule, duck=duck, on=on, sources=sources)


UPDATED = (
    *("criterion", "run", "state", "later_on", "rank", "risk", "practice", "ward", "deprivation", "ethnicity"),
    *("data_class", "sender"),
)


def _row(row: Found, one: Listing, *, made: CaseFindingRun, rule: Criterion, practice: Any, by: Viewer) -> Found:
    row.found_at = row.found_at or by.at
    row.code, row.criterion, row.run = rule.code, made.criterion, made
    row.state, row.later_on = FoundState.WAITING, None
    row.rank, row.risk = one.rank, one.asked.risk
    row.practice = practice
    row.ward, row.deprivation, row.ethnicity = one.asked.ward, one.asked.deprivation, one.asked.ethnicity
    row.data_class = rule.data_class
    row.sender = practice or one.room.team.lead_organisation
    return row


def _write_reasons(
    rows: Sequence[Found],
    listing: Sequence[Listing],
    *,
    rule: Criterion,
    duck: duckdb.DuckDBPyConnection,
    on: date,
    sources: Mapping[str, Source],
) -> int:
    """Write why each of them is listed and what is in place; returns how many reasons have no line in the record."""
    known = [one.asked.person for one in listing]
    parts = {
        "risk": asked.why(duck, criterion=rule, on=on, people=known),
        "in place": asked.in_place(duck, criterion=rule, on=on, people=known),
    }
    lines = lines_of([row.person_id for row in rows])
    found, missing = [], 0
    for row, one in zip(rows, listing, strict=True):
        for part, by_person in parts.items():
            for reason, line in said_by(by_person.get(one.asked.person, ()), lines=lines.get(row.person_id, ())):
                if line is None and reason.kind not in lists.WORKED_OUT:
                    # what nobody can be shown to have said is not said here
                    missing += 1
                    continue
                found.append(_reason(row, part, reason, line=line, sources=sources))
    FoundReason.objects.bulk_create(found, batch_size=1000)
    return missing


def _reason(row: Found, part: str, reason: Why, *, line: Any, sources: Mapping[str, Source]) -> FoundReason:
    named = sources.get(reason.source)
    return FoundReason(
        found=row,
        part=part,
        kind=reason.kind,
        system=reason.system,
        code=reason.code,
        said=reason.said,
        # of an age the day of birth is not told again
        on_day=None if reason.kind == "age" else reason.on_day,
        source_id=line.source if line is not None else named.pk if named else None,
        thing=line.thing if line is not None else None,
        points=reason.points,
        data_class=line.data_class if line is not None else lists.WORKED_OUT.get(reason.kind, DataClass.CLIN),
        sender_id=line.sender if line is not None else row.sender_id,
    )


def run_on_copy(*, criterion: CriterionVersion, key: bytes, by: Viewer) -> CaseFindingRun:
    """Make a criterion's lists anew from this place's analytical copy; NotFound where there is none yet."""
    why = f"{criterion.name} (criterion {criterion.code}, version {criterion.version})"

    def back(pseudonyms: Sequence[str]) -> Mapping[str, UUID]:
        return go_back(pseudonyms=pseudonyms, key=key, why=why, by=by)

    with open_copy() as duck:
        return run(
            criterion=criterion, duck=duck, back=back, by=by, copy_made_at=datetime.fromisoformat(manifest().made_at)
        )
