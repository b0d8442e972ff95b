"""What stands between one viewer and one person: asked on every page about a person, in one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from locality.access import rules
from locality.access.queries.conflicting import BARRED
from locality.access.queries.granted import SealedBy
from locality.access.rules import Context, DataClass, Relation, RelationKind, Seal
from locality.base import Viewer, ViewerKind
from locality.base.periods import day_of
from locality.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What holds now between a viewer and a person, of all that is written down of either."""

    context: Context
    override: UUID | None = None
    override_ends_at: datetime | None = None
    sealed: tuple[SealedBy, ...] = ()
    conflict: str = ""
    released: tuple[UUID, ...] = ()
    released_classes: frozenset[DataClass] = frozenset()


# Each part tells: what it is, of which kind, an id, a word of its own, whether it still holds, until which instant.
# Whose a reason is: the viewer's own (queries.knowing says the same of lists), or their organisation's.
REASONS = """
select 'reason', reason.kind, null::uuid,
    case
        when reason.team_id = any(%(teams)s) or reason.practitioner_id = %(viewer)s
            or reason.organisation_id = %(organisation)s
                and reason.kind in ('registered_practice', 'care_home', 'referral')
        then 'mine'
        when %(organisation)s in (
            reason.organisation_id,
            (select team.lead_organisation_id from directory_team team where team.id = reason.team_id),
            (select other.employer_id from directory_practitioner other where other.id = reason.practitioner_id)
        )
        then 'ours'
    end,
    reason.ends_on is null or reason.ends_on > %(on)s, null::timestamptz
from access_relationship reason
where reason.person_id = any(%(people)s) and reason.starts_on <= %(on)s
    and (reason.ends_on is null or reason.ends_on > %(since)s)
"""
OVERRIDES = """
select 'override', role, id, '', true, ends_at from access_override
where person_id = any(%(people)s) and practitioner_id = %(viewer)s and role = %(role)s
    and organisation_id = %(organisation)s and made_at <= %(at)s and ends_at > %(at)s
    and (ended_at is null or ended_at > %(at)s)
"""
CONFLICTS = f"""
select 'conflict', kind, id, '', true, null::timestamptz from ({BARRED}) barred
where practitioner_id = %(viewer)s and person_id = %(person)s and {{holds}}
"""  # noqa: S608 -- only our own words stand in it
ADDRESSES = """
select 'address', '', id, '', true, null from access_addressgrant
where person_id = any(%(people)s) and (practitioner_id = %(viewer)s or team_id = any(%(teams)s)) and {holds}
"""
# what is kept from them, and whether they know a protected address
PROXIES = """
select 'proxy', kind, id, array_to_string(kept_back, ' '), knows_address, null::timestamptz from access_proxy
where person_id = any(%(people)s) and {holds}
    and proxy_id in (select one.id from people_person one where %(viewer)s in (one.id, one.merged_into_id))
"""
RELEASES = """
select 'release', data_class, version_id, '', true, null from access_release
where person_id = any(%(people)s) and verdict = 'released' and {holds}
"""
OF_ANYBODY = """
select 'objection', kind, organisation_id, '', true, null from access_objection
where person_id = any(%(people)s) and kind = 'sharing' and {holds}
union all
select 'seal', seal, thing, case when announced then 'announced' end, true, null from access_personseal
where person_id = any(%(people)s) and {holds}
union all
select 'watch', kind, id, '', true, null from access_watch where person_id = any(%(people)s) and {holds}
"""


def _union(*parts: str) -> str:
    return " union all ".join(parts).format(holds="starts_on <= %(on)s and (ends_on is null or ends_on > %(on)s)")


OF_PRACTITIONERS = _union(REASONS, OVERRIDES, CONFLICTS, ADDRESSES, OF_ANYBODY)
OF_PEOPLE = _union(PROXIES, RELEASES, OF_ANYBODY)


@dataclass(frozen=True, slots=True)
class Told:
    """One row of what was asked above."""

    what: str
    kind: str
    id: UUID | None
    word: str | None
    live: bool
    ends_at: datetime | None


def standing(*, viewer: Viewer, people: Sequence[Person]) -> Standing:
    """What holds between a viewer and a person, given with their aliases, the kept one first. One query."""
    if viewer.kind == ViewerKind.SYSTEM:
        return Standing(context=Context())
    told = _asked(viewer, people)
    override = next((one for one in told if one.what == "override"), None)
    dissents = {one.id for one in told if one.what == "objection"}
    conflicts = [one.kind for one in told if one.what == "conflict"]
    released = [one for one in told if one.what == "release" and viewer.kind == ViewerKind.PERSON]
    context = Context(
        relation=_relation(viewer, people, told),
        asks_second_factor=settings.SECOND_FACTOR_FOR_ALL,
        kept_from_proxy=_kept_from_proxy(told),
        override=override is not None,
        dissent=None in dissents,
        dissent_of=frozenset(one for one in dissents if one is not None),
        protected=any(one.protected for one in people),
        address_granted=any(one.what == "address" for one in told),
        conflict=bool(conflicts),
        deceased=any(one.died for one in people),
        watched=any(one.what == "watch" for one in told),
    )
    return Standing(
        context=context,
        override=override.id if override else None,
        override_ends_at=override.ends_at if override else None,
        sealed=_sealed(told),
        conflict=min(conflicts, default=""),
        released=tuple(sorted(one.id for one in released if one.id is not None)),
        released_classes=frozenset(DataClass(one.kind) for one in released),
    )


def _asked(viewer: Viewer, people: Sequence[Person]) -> list[Told]:
    on = day_of(viewer.at)
    given: dict[str, Any] = {
        "people": [one.pk for one in people],
        "person": people[0].pk,
        "viewer": viewer.id,
        "role": viewer.role,
        "organisation": viewer.organisation,
        "teams": list(viewer.teams),
        "on": on,
        "since": on - timedelta(days=rules.FADES_AFTER_DAYS),
        "at": viewer.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_PRACTITIONERS if viewer.kind == ViewerKind.PRACTITIONER else OF_PEOPLE, given)
        return [Told(*row) for row in cursor.fetchall()]


def _relation(viewer: Viewer, people: Sequence[Person], told: Sequence[Told]) -> Relation:
    """What the dated rows amount to: never typed in by the caller."""
    if viewer.kind == ViewerKind.PERSON:
        return Relation.SELF if viewer.id in {one.pk for one in people} else Relation.NONE
    if viewer.kind == ViewerKind.PROXY:
        return Relation.PROXY if _acts_for(viewer, people, told) else Relation.NONE
    found = set()
    for one in told:
        if one.what == "reason" and one.word == "mine":
            found.add(rules.AMOUNTS_TO[RelationKind(one.kind)] if one.live else Relation.ENDED)
        elif one.what == "reason" and one.word == "ours" and one.live:
            found.add(Relation.ORGANISATION)
    return rules.strongest(found)


def _acts_for(viewer: Viewer, people: Sequence[Person], told: Sequence[Told]) -> bool:
    """Whether whoever acts does so for this person, by a right that holds: queries.acts_for says the same of lists."""
    if viewer.acts_for not in {one.pk for one in people} or any(one.died for one in people):
        return False
    protected = any(one.protected for one in people)
    # for a proxy `live` says whether they know where the person lives
    return any(one.what == "proxy" and (one.live or not protected) for one in told)


def _kept_from_proxy(told: Sequence[Told]) -> frozenset[DataClass]:
    """What is kept from whoever acts; by two rights, only what both keep."""
    kept = [frozenset(DataClass(name) for name in (one.word or "").split()) for one in told if one.what == "proxy"]
    return frozenset.intersection(*kept) if kept else frozenset()


def _sealed(told: Sequence[Told]) -> tuple[SealedBy, ...]:
    """The lines that the person sealed, by how; of a line sealed twice, as an alias and since, the tighter holds."""
    seals: dict[UUID, tuple[Seal, bool]] = {}
    for one in sorted(told, key=lambda one: one.kind == Seal.LOCKED):
        if one.what == "seal" and one.id is not None:
            seals[one.id] = (Seal(one.kind), one.word == "announced")
    ways = sorted(set(seals.values()))
    return tuple(
        SealedBy(seal, announced, tuple(sorted(thing for thing, way in seals.items() if way == (seal, announced))))
        for seal, announced in ways
    )
