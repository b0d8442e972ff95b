"""Who the viewer is, whom they may know, and the predicate that every guarded query starts from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from locality.access import rules, wall
from locality.access.models import Account, Look, Relationship, Role
from locality.access.rules import DataClass, Label, Opening, Relation, RelationKind, Seal
from locality.base import NotFound, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.people.models import Person
from locality.people.queries.earlier import earlier_people, who_is_earlier


def account(username: str) -> Account | None:
    """The account of this name, if there is one; only the sign-in page asks."""
    return Account.objects.filter(username=username.strip().casefold()).first()


def roles_today(*, account_id: UUID, on: date) -> QuerySet[Role]:
    """The roles a practitioner may choose from today."""
    held = Account.objects.filter(pk=account_id, is_active=True, practitioner=OuterRef("practitioner"))
    return (
        Role.objects.filter(Exists(held), starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gt=on))
        .select_related("organisation", "practitioner")
        .order_by("organisation__name", "code")
    )


# Asked on every page, so written out: building it anew each time costs more than running it.
VIEWER = """
select role.practitioner_id, concat_ws(' ', nullif(practitioner.prefix, ''), practitioner.given, practitioner.family),
    role.code, role.organisation_id, organisation.name,
    array(
        select member.team_id from directory_teammembership member
        where member.practitioner_id = role.practitioner_id and member.employer_id = role.organisation_id
            and member.starts_on <= %(on)s and (member.ends_on is null or member.ends_on > %(on)s)
    )
from access_role role
join access_account account on account.practitioner_id = role.practitioner_id
join directory_practitioner practitioner on practitioner.id = role.practitioner_id
join directory_organisation organisation on organisation.id = role.organisation_id
where role.id = %(role)s and account.id = %(account)s and account.is_active
    and role.starts_on <= %(on)s and (role.ends_on is null or role.ends_on > %(on)s)
"""


def viewer(*, account_id: UUID, role_id: UUID, at: datetime, second_factor: bool = False) -> Viewer:
    """Who acts, in one role, as of now; a role or team that has ended is gone at once.

    Raises NotFound when this account does not hold this role today.
    """
    with connection.cursor() as cursor:
        cursor.execute(VIEWER, {"account": account_id, "role": role_id, "on": day_of(at)})
        row = cursor.fetchone()
    if row is None:
        raise NotFound("This role has ended. Choose another, or ask your administrator.")
    practitioner, name, code, organisation, organisation_name, teams = row
    return Viewer(
        kind=ViewerKind.PRACTITIONER,
        id=practitioner,
        name=name,
        role=code,
        organisation=organisation,
        organisation_name=organisation_name,
        teams=frozenset(teams),
        second_factor=second_factor,
        at=at,
    )


def _with(viewer: Viewer) -> Q:
    # A practice's list belongs to everyone who works there; other organisations' rows name a team.
    return (
        Q(team__in=viewer.teams)
        | Q(practitioner=viewer.id)
        | Q(
            organisation=viewer.organisation,
            kind__in=[RelationKind.REGISTERED_PRACTICE, RelationKind.CARE_HOME],
        )
    )


def _holds(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))


@lru_cache(maxsize=1000)
def _reasons_with(which: Q) -> tuple[str, tuple[Any, ...]]:
    """`_with` as SQL over access_relationship; one viewer's is the same on every page."""
    query = Relationship.objects.filter(which).query
    sql, params = query.get_compiler(connection=connection).compile(query.where)
    return f"({sql})", tuple(params)


# asked on every page about a person: building it anew each time costs ten times what asking does
BETWEEN = """
select kind, ends_on from access_relationship
where person_id = any(%s) and starts_on <= %s and (ends_on is null or ends_on > %s) and {with_viewer}
"""


def relation(*, viewer: Viewer, person_ids: list[UUID], on: date) -> Relation:
    """What the dated rows amount to between this viewer and this person: never typed in by the caller."""
    if viewer.kind != ViewerKind.PRACTITIONER:
        return Relation.NONE
    since = on - timedelta(days=rules.FADES_AFTER_DAYS)
    sql, params = _reasons_with(_with(viewer))
    with connection.cursor() as cursor:
        cursor.execute(BETWEEN.format(with_viewer=sql), [person_ids, on, since, *params])
        spans = cursor.fetchall()
    live = {rules.AMOUNTS_TO[RelationKind(kind)] for kind, ends_on in spans if ends_on is None or ends_on > on}
    return rules.strongest(live) if live else Relation.ENDED if spans else Relation.NONE


# rows written for an alias are the kept person's
KEPT = Coalesce("person__merged_into", "person")


def visible_people(*, viewer: Viewer, on: date, own: bool = False) -> QuerySet[Person]:
    """The people this viewer may open today: every list of people starts here. `own` leaves out referrals, visits."""
    if not _opens(viewer):
        return Person.objects.none()
    kinds = rules.OWN_TEAM_KINDS if own else list(RelationKind)
    rows = Relationship.objects.filter(_with(viewer), _holds(on), kind__in=kinds)
    # from the reasons to the people: asked the other way round, of each person in turn, a borough takes minutes
    # an earlier identity is on nobody's list
    return Person.objects.filter(pk__in=rows.values(kept=KEPT), merged_into=None).exclude(pk__in=earlier_people())


def openable(*, viewer: Viewer, person_ids: Collection[UUID], on: date) -> set[UUID]:
    """Which of these people, found by another way, this viewer may open today: at the cost of these, not of all."""
    if not _opens(viewer):
        return set()
    same = Person.objects.filter(Q(pk__in=person_ids) | Q(merged_into__in=person_ids))
    rows = Relationship.objects.filter(_with(viewer), _holds(on), person__in=same.values("pk"))
    return set(rows.values_list(KEPT, flat=True)) - who_is_earlier(person_ids)


def _opens(viewer: Viewer) -> bool:
    """Whether this role opens anybody at all."""
    return rules.opening(viewer=viewer, relation=Relation.OWN_TEAM).opens


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Leave to read one record now. Made by access.actions.open_record and nowhere else."""

    viewer: Viewer
    person: Person
    person_ids: tuple[UUID, ...]
    opening: Opening
    on: date
    looked_before_at: datetime | None


def visible(grant: Grant) -> Q:
    """The predicate: which guarded rows this grant may show, whole or redacted. Hidden rows look absent."""
    return _opened_by(grant.opening)


def visible_of_own(*, viewer: Viewer, people: Collection[UUID]) -> Q:
    """The same predicate over the rows of some of the viewer's own people (`visible_people(own=True)`), for lists."""
    opening = rules.opening(viewer=viewer, relation=Relation.OWN_TEAM)
    wall.let_through(people=people, opening=opening)
    return _opened_by(opening)


def _opened_by(opening: Opening) -> Q:
    return Q(data_class__in=[*opening.whole, *opening.redacted], label=Label.NORMAL, seal=Seal.NONE)


def withheld(grant: Grant) -> Q:
    """Rows whose existence may be told but not their content: restricted or sealed, in a class that opens.

    Only the allergy panel asks, for safety: an allergy kept back must never read as none recorded.
    """
    may_know = [*grant.opening.whole, *grant.opening.redacted]
    told = Q(label=Label.RESTRICTED, seal=Seal.NONE) | Q(label=Label.NORMAL, seal=Seal.SEALED)
    return Q(data_class__in=may_know) & told


def redacts(grant: Grant, data_class: str) -> bool:
    """Whether rows of this class show their line without what opens below it."""
    return DataClass(data_class) in grant.opening.redacted


@dataclass(frozen=True, slots=True)
class Involved:
    """A team, practice or practitioner with a live reason to know this person."""

    name: str
    kind: str
    since: date
    reason: str
    organisation: str
    phone: str


INVOLVED = """
select relationship.kind, relationship.starts_on, relationship.reason,
    coalesce(team.name, organisation.name,
        concat_ws(' ', nullif(practitioner.prefix, ''), practitioner.given, practitioner.family)),
    coalesce(team.phone, practitioner.phone, ''),
    coalesce(lead.name, organisation.name, employer.name, '')
from access_relationship relationship
left join directory_team team on team.id = relationship.team_id
left join directory_organisation lead on lead.id = team.lead_organisation_id
left join directory_organisation organisation on organisation.id = relationship.organisation_id
left join directory_practitioner practitioner on practitioner.id = relationship.practitioner_id
left join directory_organisation employer on employer.id = practitioner.employer_id
where relationship.person_id = any(%(people)s)
    and relationship.starts_on <= %(on)s and (relationship.ends_on is null or relationship.ends_on > %(on)s)
order by relationship.kind, relationship.starts_on, relationship.id
"""


def involved(grant: Grant) -> list[Involved]:
    """Who is involved with this person today, by the relationships that hold."""
    with connection.cursor() as cursor:
        cursor.execute(INVOLVED, {"people": list(grant.person_ids), "on": grant.on})
        return [
            Involved(name=name, kind=kind, since=since, reason=reason, organisation=organisation, phone=phone)
            for kind, since, reason, name, phone, organisation in cursor
        ]


def last_looks(*, viewer: Viewer, most: int) -> QuerySet[Look]:
    """The people this viewer looked at last, of those they may still open."""
    on = day_of(viewer.at)
    return (
        Look.objects.filter(practitioner=viewer.id, person__in=visible_people(viewer=viewer, on=on).values("pk"))
        .select_related("person")
        .order_by("-last_at")[:most]
    )
