"""The facts by which looks are told usual from unusual, in one question over the whole journal of some weeks."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import log2
from typing import Any

from django.db import connection

from locality.access.queries.conflicting import same_home
from locality.access.rules import Relation, RelationKind
from locality.base.periods import LONDON
from locality.journal.rules.deeds import LOOKS
from locality.journal.rules.deeds import Kind as DeedKind
from locality.methods.unusual_looking import Looked, Why

# a look is compared with those of four weeks
WEEKS_DAYS = 28
OPENS = tuple(what for what, meant in LOOKS.items() if meant.kind in (DeedKind.LOOK, DeedKind.PRINT))
REFUSED_OPENS = ("page.person",)

# a practice's or a home's list belongs to everybody who works there, and so explains little
BROAD_KINDS = (RelationKind.REGISTERED_PRACTICE, RelationKind.CARE_HOME)

LOOKED = f"""
with looks as (
    select event.by_id, coalesce(person.merged_into_id, person.id) as person_id, event.role, event.organisation_id,
        (event.at at time zone 'Europe/London')::date as looked_on,
        array_agg(distinct extract(hour from event.at at time zone 'Europe/London')::int) as hours,
        bool_or(coalesce(event.detail->>'relation', '') = any(%(live)s)) as explained,
        bool_or(coalesce(event.detail->>'relation', '') = %(ended)s) as ended
    from journal_event event join people_person person on person.id = event.person_id
    where event.by_kind = 'practitioner' and event.at >= %(since)s and event.at < %(until)s
        and (event.what = any(%(opens)s) and event.outcome = 'done' or event.what = any(%(refused)s))
    group by 1, 2, 3, 4, 5
),
surnames as (
    select lower(person.family) as family, count(*)::float / sum(count(*)) over () as share
    from people_person person where person.merged_into_id is null and person.family <> '' group by 1
),
themselves as (
    select distinct on (conflict.practitioner_id)
        conflict.practitioner_id, own.id as person_id, own.address, own.postcode
    from access_conflict conflict join people_person own on own.id = conflict.person_id
    where conflict.kind = 'own_record' order by conflict.practitioner_id, conflict.made_at desc
),
desks as (
    select themselves.person_id, member.team_id
    from themselves join directory_teammembership member on member.practitioner_id = themselves.practitioner_id
)
select looks.by_id, looks.person_id, looks.role, looks.organisation_id, looks.looked_on, looks.hours,
    looks.explained, looks.ended,
    looks.explained and not exists (
        select from access_relationship narrow
        where narrow.person_id = looks.person_id and narrow.kind <> all(%(broad)s)
            and narrow.starts_on <= looks.looked_on and (narrow.ends_on is null or narrow.ends_on > looks.looked_on)
            and (
                narrow.practitioner_id = looks.by_id
                or narrow.team_id in (
                    select member.team_id from directory_teammembership member
                    where member.practitioner_id = looks.by_id and member.starts_on <= looks.looked_on
                        and (member.ends_on is null or member.ends_on > looks.looked_on)
                )
            )
    ) as broad,
    themselves.person_id = looks.person_id as own_record,
    exists (
        select from access_conflict declared
        where declared.practitioner_id = looks.by_id and declared.person_id = looks.person_id
            and declared.kind <> 'own_record' and declared.starts_on <= looks.looked_on
            and (declared.ends_on is null or declared.ends_on > looks.looked_on)
    ) as declared,
    {same_home("person", "themselves")} and not person.protected as household,
    -- where somebody with a protected address lives is not told by saying who lives near
    person.postcode <> '' and person.postcode = themselves.postcode and not person.protected as street,
    case when lower(person.family) = lower(practitioner.family) then surnames.share end as surname_share,
    exists (
        select from desks join directory_teammembership mine on mine.team_id = desks.team_id
        where desks.person_id = looks.person_id and mine.practitioner_id = looks.by_id
    ) as colleague,
    exists (
        select from access_watch watch
        where watch.person_id = looks.person_id and watch.starts_on <= looks.looked_on
            and (watch.ends_on is null or watch.ends_on > looks.looked_on)
    ) as watched,
    looks.looked_on - person.died_on as dead_days
from looks
join people_person person on person.id = looks.person_id
left join directory_practitioner practitioner on practitioner.id = looks.by_id
left join surnames on surnames.family = lower(person.family)
left join themselves on themselves.practitioner_id = looks.by_id
order by looks.looked_on, looks.by_id, looks.person_id
"""  # noqa: S608 -- only our own words stand in it


def looks(*, until: date) -> list[Looked]:
    """Every practitioner, person and day of the four weeks up to, not including, a day."""
    told: dict[str, Any] = {
        "since": _begins(until - timedelta(days=WEEKS_DAYS)),
        "until": _begins(until),
        "opens": list(OPENS),
        "refused": list(REFUSED_OPENS),
        "live": [str(Relation.OWN_TEAM), str(Relation.REFERRAL), str(Relation.VISIT)],
        "ended": str(Relation.ENDED),
        "broad": [str(kind) for kind in BROAD_KINDS],
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOKED, told)
        return list(_read(cursor))


def _begins(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=LONDON)


def _read(rows: Any) -> Iterator[Looked]:
    for by, person, role, organisation, on, hours, explained, ended, broad, own, declared, home, street, *more in rows:
        share, colleague, watched, dead_days = more
        yield Looked(
            by=by,
            person=person,
            role=role,
            organisation=organisation,
            on=on,
            why=_why(explained=explained, broad=broad, ended=ended),
            hours=frozenset(hours),
            own_record=bool(own),
            declared=declared,
            household=bool(home) and not own,
            street=bool(street) and not own,
            surname_rarity=round(-log2(share)) if share else None,
            colleague=colleague and not own,
            watched=watched,
            dead_days=dead_days,
        )


def _why(*, explained: bool, broad: bool, ended: bool) -> Why:
    if explained:
        return Why.BROAD if broad else Why.EXPLAINED
    return Why.ENDED if ended else Why.UNEXPLAINED
