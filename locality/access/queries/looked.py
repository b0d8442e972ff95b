"""Who looked: the audit as the person, those who act for them and the privacy officer may read it; never writes.

What the person reads is settled in decision 13: every look by somebody, in plain words; what machines did, one line a
day; and nothing about safeguarding, in such a way that leaving it out leaves nothing to see.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from locality.access.queries.whom import Whom, redacted
from locality.access.rules import ROLE_WORDS, Relation, Right, RoleCode
from locality.base import Viewer, ViewerKind
from locality.base.periods import LONDON, day_of
from locality.journal.rules import Kind, deed
from locality.journal.rules.deeds import KEPT_BACK_BEGINNINGS, KEPT_BACK_ROLES, OF_THE_LIST_ITSELF, TOLD_KINDS

# how a system's line says that somebody without an account came by a link; `link_name` in its detail is to whom it went
BY_LINK = "link"
# what is shown when nothing is asked, and at most
USUAL_DAYS, MOST_DAYS = 28, 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which days, both included, and which organisation's looks; None for all."""

    since: date
    until: date
    organisation: UUID | None = None


def asked(*, since: date | None, until: date | None, on: date, organisation: UUID | None = None) -> Asked:
    """What was asked for, as far as it can be answered: four weeks unless told, a year at most, nothing to come."""
    last = min(until or on, on)
    first = since if since and since <= last else last - timedelta(days=USUAL_DAYS - 1)
    return Asked(since=max(first, last - timedelta(days=MOST_DAYS - 1)), until=last, organisation=organisation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that was done on one day, so many times; `why` and the times are not told to everybody."""

    what: str
    words: str
    why: str
    refused: bool
    count: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """Somebody who looked on one day, at one person; `whom` is the person, for lists about one practitioner."""

    kind: str
    id: UUID | None
    name: str
    works_as: str
    organisation: str
    acts: tuple[Act, ...]
    whom: Whom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: who looked, and what machines did."""

    on: date
    lookers: tuple[Looker, ...]
    machines: tuple[Act, ...]

    @property
    def machine_count(self) -> int:
        """How often a machine did something."""
        return sum(act.count for act in self.machines)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoLooked:
    """The days on which anybody looked, newest first."""

    asked: Asked
    days: tuple[Day, ...]
    organisations: tuple[tuple[UUID, str], ...]

    @property
    def people(self) -> int:
        """How many different people looked."""
        return len(
            {(looker.kind, looker.id or (looker.name, looker.works_as)) for day in self.days for looker in day.lookers}
        )

    @property
    def machine_count(self) -> int:
        """How often machines did something."""
        return sum(day.machine_count for day in self.days)


# a line that is told to nobody but the privacy officer, whatever was opened: by whom, or of what
KEPT_BACK = "(event.role = any(%(kept_back)s) or event.what like any(%(beginnings)s))"
# grouped where it lies, so that a year of looks is as many rows as there are to read
LOOKED = f"""
select (at at time zone 'Europe/London')::date as on_day, event.by_kind, event.by_id, event.role,
    event.organisation_id, event.what, event.outcome,
    coalesce(event.detail->>'relation', ''), coalesce(event.detail->>'right', ''),
    count(*), min(event.at), max(event.at),
    coalesce(nullif(concat_ws(' ', nullif(practitioner.prefix, ''), practitioner.given, practitioner.family), ''),
        event.detail->>'link_name', ''),
    coalesce(practitioner.profession, ''), coalesce(organisation.name, ''),
    case when %(of_people)s then event.person_id end
from journal_event event
left join directory_practitioner practitioner on practitioner.id = event.by_id
left join directory_organisation organisation on organisation.id = event.organisation_id
where {{whose}} and event.at >= %(since)s and event.at < %(until)s and event.person_id is not null
    and event.person_id <> all(%(but)s::uuid[])
    and (event.organisation_id is null or event.organisation_id <> all(%(untold)s::uuid[]))
    and not {KEPT_BACK} and event.by_kind = any(%(kinds)s)
    -- nor looks for which somebody broke the glass because a person may be at risk, nor what led to them and came of it
    and (%(all_of_it)s or not exists (
        select from access_override override
        where override.reason_code = 'safeguarding' and override.person_id = any(%(whom)s)
            and (
                override.id::text in (event.detail->>'override', event.about_id::text)
                -- the same practitioner found them first, was refused, and looked: each says that somebody needed to
                or event.by_id = override.practitioner_id
                    and (event.at at time zone 'Europe/London')::date
                        between (override.made_at at time zone 'Europe/London')::date
                        and (override.ends_at at time zone 'Europe/London')::date
                -- and that the privacy officer checks them says it too
                or event.what = any(%(checks)s) and event.by_kind = 'practitioner' and (
                    event.about_id = override.practitioner_id
                    or event.at >= override.made_at
                        and (override.reviewed_at is null or event.at <= override.reviewed_at)
                )
            )
    ))
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16
order by 1 desc, max(event.at) desc, event.by_id, event.what
"""  # noqa: S608 -- only our own words stand in it
AT_PEOPLE, BY_ONE = "event.person_id = any(%(whom)s)", "event.by_id = any(%(whom)s)"

_KEPT_BACK = {"kept_back": list(KEPT_BACK_ROLES), "beginnings": [f"{start}%" for start in KEPT_BACK_BEGINNINGS]}
EVERYBODY = tuple(ViewerKind)
# who acts for a person reads what practitioners did: neither the person's own doings nor those of others like them
OF_PRACTITIONERS = (ViewerKind.PRACTITIONER, ViewerKind.SYSTEM)


@dataclass(frozen=True, slots=True)
class _Row:
    on: date
    by_kind: str
    by: UUID
    role: str
    organisation: UUID | None
    what: str
    outcome: str
    relation: str
    right: str
    count: int
    first_at: datetime
    last_at: datetime
    name: str
    profession: str
    organisation_name: str
    whom: UUID | None

    @property
    def is_by_link(self) -> bool:
        # what followed from it, as telling a team, the system did
        said = self.what.startswith("referral.")
        return said and self.by_kind == ViewerKind.SYSTEM and self.role == BY_LINK

    @property
    def is_look(self) -> bool:
        """Whether somebody, not a machine, saw something; of those who came by a link what they said is told too."""
        return self.is_by_link or self.by_kind != ViewerKind.SYSTEM and deed(self.what).kind in TOLD_KINDS

    @property
    def is_of_a_machine(self) -> bool:
        return self.by_kind == ViewerKind.SYSTEM and not self.is_by_link and deed(self.what).kind != Kind.UPKEEP


def _rows(
    whose: str,
    whom: Collection[UUID],
    asked: Asked,
    *,
    kinds: Collection[str] = EVERYBODY,
    all_of_it: bool = False,
    but: Collection[UUID] = (),
    untold: Collection[UUID] = (),
) -> list[_Row]:
    # what is kept back is kept back in the question itself: nothing that is counted or chosen from it ever holds it
    since, until = instants(asked)
    told: dict[str, Any] = {
        "whom": list(whom),
        "but": list(but),
        "untold": list(untold),
        "since": since,
        "until": until,
        **({key: [] for key in _KEPT_BACK} if all_of_it else _KEPT_BACK),
        "kinds": list(kinds),
        "of_people": whose == BY_ONE,
        "all_of_it": all_of_it,
        "checks": [*OF_THE_LIST_ITSELF, "looked.listed"],
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOKED.format(whose=whose), told)
        return [_Row(*row) for row in cursor]


def instants(asked: Asked) -> tuple[datetime, datetime]:
    """When the days that are asked for begin, and when they are over."""
    return _begins(asked.since), _begins(asked.until + timedelta(days=1))


def _begins(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=LONDON)


def own(*, person_ids: Collection[UUID], asked: Asked) -> WhoLooked:
    """Who looked at a person's record, as they read it themselves."""
    rows = [row for row in _rows(AT_PEOPLE, person_ids, asked) if not _reads_own_list(row, person_ids)]
    return _who_looked(rows, asked, you=person_ids, to="you")


def _reads_own_list(row: _Row, person_ids: Collection[UUID]) -> bool:
    return row.what in OF_THE_LIST_ITSELF and row.by in person_ids


def for_proxy(*, person_ids: Collection[UUID], asked: Asked, untold: Collection[UUID] = ()) -> WhoLooked:
    """The same for somebody who acts for them: organisations and days, no names, no times and no reasons.

    The organisations `untold` are left out, as if they had not looked.
    """
    rows = _rows(AT_PEOPLE, person_ids, asked, kinds=OF_PRACTITIONERS, untold=untold)
    return _without_names(_who_looked(rows, asked, you=(), to="them"))


CONCERNED = f"""
select exists (select from journal_event event where event.person_id = any(%(whom)s) and {KEPT_BACK})
    or exists (select from access_override where person_id = any(%(whom)s) and reason_code = 'safeguarding')
"""  # noqa: S608 -- only our own words stand in it


def concerned(person_ids: Collection[UUID]) -> bool:
    """Whether anybody has looked at this person for safeguarding: whoever acts for them is then told of no look."""
    with connection.cursor() as cursor:
        cursor.execute(CONCERNED, {"whom": list(person_ids), **_KEPT_BACK})
        return bool(cursor.fetchone()[0])


def nobody(asked: Asked) -> WhoLooked:
    """What is read of somebody at whom nobody looked."""
    return WhoLooked(asked=asked, days=(), organisations=())


def of_person(*, person_ids: Collection[UUID], asked: Asked) -> WhoLooked:
    """Who looked at one person, all of it, as the privacy officer reads it."""
    return _who_looked(_rows(AT_PEOPLE, person_ids, asked, all_of_it=True), asked, you=(), to="them")


def of_practitioner(*, practitioner_id: UUID, asked: Asked, but: Collection[UUID] = ()) -> WhoLooked:
    """Whom one practitioner looked at, as the privacy officer reads it, without those at whom they must not look."""
    rows = _rows(BY_ONE, [practitioner_id], asked, all_of_it=True, but=but)
    return _who_looked(rows, asked, you=(), to="them", whom=redacted({row.whom for row in rows if row.whom}))


def _who_looked(
    rows: list[_Row],
    asked: Asked,
    *,
    you: Collection[UUID],
    to: str,
    whom: dict[UUID, Whom] | None = None,
) -> WhoLooked:
    looks = [row for row in rows if row.is_look]
    organisations = {row.organisation: row.organisation_name for row in looks if row.organisation}
    if asked.organisation:
        looks = [row for row in looks if row.organisation == asked.organisation]
    machines = [] if asked.organisation else [row for row in rows if row.is_of_a_machine]
    by_day: dict[date, list[_Row]] = defaultdict(list)
    for row in [*looks, *machines]:
        by_day[row.on].append(row)
    days = tuple(
        Day(on=on, lookers=tuple(_lookers(of_day, you=you, to=to, whom=whom)), machines=_machines(of_day, to=to))
        for on, of_day in sorted(by_day.items(), reverse=True)
    )
    named = sorted(organisations.items(), key=lambda one: one[1])
    return WhoLooked(asked=asked, days=days, organisations=tuple(named))


def _lookers(rows: list[_Row], *, you: Collection[UUID], to: str, whom: dict[UUID, Whom] | None) -> Iterator[Looker]:
    by_looker: dict[tuple, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.is_look:
            by_looker[row.by_kind, row.by, row.role, row.organisation, row.whom, row.name].append(row)
    for theirs in by_looker.values():
        row = theirs[0]
        yield Looker(
            kind=row.by_kind,
            id=None if row.is_by_link else row.by,
            name="You" if row.by in you else row.name or KINDS_OF_PEOPLE.get(row.by_kind, "Somebody who has left"),
            works_as="" if row.by in you else row.profession or _role_words(row.role),
            organisation=row.organisation_name,
            acts=_acts(theirs, to=to),
            whom=(whom or {}).get(row.whom) if row.whom else None,
        )


KINDS_OF_PEOPLE: dict[str, str] = {
    ViewerKind.PROXY: "Somebody who acts for you",
    ViewerKind.PERSON: "The person themselves",
    ViewerKind.SYSTEM: "Somebody whom a team asked",
}


def _role_words(role: str) -> str:
    if role == BY_LINK:
        return "by a link that was sent to them"
    return ROLE_WORDS[RoleCode(role)] if role in set(RoleCode) else role


def _machines(rows: list[_Row], *, to: str) -> tuple[Act, ...]:
    return _acts([row for row in rows if row.is_of_a_machine], to=to)


def _acts(rows: list[_Row], *, to: str) -> tuple[Act, ...]:
    """The same words on the same day for the same reason are one act."""
    acts: dict[tuple[str, str, bool], Act] = {}
    for row in rows:
        words = deed(row.what).words.format(**WORDS_TO[to])
        key = (words, _why(row, to=to), row.outcome == "refused")
        one = acts.get(key)
        acts[key] = Act(
            what=row.what,
            words=words,
            why=key[1],
            refused=key[2],
            count=row.count + (one.count if one else 0),
            first_at=min(row.first_at, one.first_at) if one and one.first_at else row.first_at,
            last_at=max(row.last_at, one.last_at) if one and one.last_at else row.last_at,
        )
    return tuple(sorted(acts.values(), key=lambda act: (deed(act.what).kind == Kind.LIST, act.words)))


WORDS_TO = {"you": {"whose": "your", "them": "you"}, "them": {"whose": "their", "them": "them"}}
BROKE_GLASS = "they had no listed reason and gave one; the privacy officer checks each time"
WHY = {
    Relation.OWN_TEAM: "{who} on their team's or practice's list",
    Relation.REFERRAL: "{who} referred to them",
    Relation.VISIT: "they visit {them}",
}


def _why(row: _Row, *, to: str) -> str:
    if row.right == Right.OVERRIDE:
        return BROKE_GLASS
    words = WHY.get(Relation(row.relation), "") if row.relation in set(Relation) else ""
    return words.format(who="you are" if to == "you" else "they are", them="you" if to == "you" else "them")


def _without_names(found: WhoLooked) -> WhoLooked:
    days = []
    for day in found.days:
        merged: dict[tuple[str, str], Looker] = {}
        # of those who came by a link there is only the name to tell
        for looker in [one for one in day.lookers if one.kind != ViewerKind.SYSTEM]:
            acts = tuple(replace(act, why="", first_at=None, last_at=None, count=1) for act in looker.acts)
            key = (looker.works_as, looker.organisation)
            before = merged[key].acts if key in merged else ()
            both = tuple(dict.fromkeys([*before, *acts]))
            merged[key] = replace(looker, id=None, name="Somebody", acts=both)
        days.append(replace(day, lookers=tuple(merged.values()), machines=()))
    return replace(found, days=tuple(day for day in days if day.lookers))


def today(viewer: Viewer) -> date:
    """The day on which this viewer looks."""
    return day_of(viewer.at)
