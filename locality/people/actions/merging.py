"""Two people become one, and are parted again. Links move; nothing else does.

The merges that stand form a forest: each says whose alias somebody became. `Person.merged_into` is always its root,
and `Merge.moved` always names the links, as they are now, that go back when it is undone. So merges may be undone in
any order, and each gives back what it took.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from locality.base import Refused, Viewer
from locality.journal.actions import log
from locality.people.actions.faces import refresh_faces
from locality.people.models import EarlierIdentity, Link, Merge, Person

MERGED, UNDONE = "merged", "merge-undone"
NEVER_ONE = "These two may not be made one person."


@transaction.atomic
def merge_people(*, kept: Person, alias: Person, reason: str, by: Viewer) -> Merge:
    """Make one person the alias of another: its links move, and can be moved back.

    Raises Refused for one person twice, for somebody who is an alias already, and for two who are kept apart. It says
    nothing to the machine: whoever decides that two are one also leaves a label (`deciding.say`).
    """
    one_at_a_time()
    if kept.pk == alias.pk:
        raise Refused("These two are already one person.")
    if Person.objects.filter(pk__in=[kept.pk, alias.pk], merged_into__isnull=False).exists():
        raise Refused("One of these two has already been merged into somebody else.")
    if _kept_apart(kept.pk, alias.pk):
        raise Refused(NEVER_ONE)
    links = list(Link.objects.filter(person=alias.pk, ended_at=None))
    moved = _move(links, to=kept.pk, of=alias.pk, method=MERGED, by=by)
    (merge,) = _become_aliases([(alias.pk, kept.pk, moved)], reason=reason, by=by)
    refresh_faces(people=[kept.pk])
    log(what="person.merged", by=by, person=kept.pk, about=merge.pk, reason=reason)
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, by: Viewer) -> Merge:
    """Part two merged people again: the links that came with the alias go back, and its own aliases with it.

    Links made since stay where they are. Raises Refused when it has already been undone.
    """
    one_at_a_time()
    merge = Merge.objects.get(pk=merge.pk)
    if merge.undone_at is not None:
        raise Refused("This merge has already been undone.")
    alias = Person.objects.get(pk=merge.alias_id)
    root = alias.merged_into_id or merge.kept_id
    merge.undone_at, merge.undone_by = by.at, by.id
    merge.save(update_fields=["undone_at", "undone_by"])
    with_it = _below({alias.pk})
    Person.objects.filter(pk__in=with_it).update(merged_into=alias)
    Person.objects.filter(pk=alias.pk).update(merged_into=None)
    links = list(Link.objects.filter(pk__in=merge.moved, ended_at=None))
    merge.moved = _move(links, to=alias.pk, of=alias.pk, method=UNDONE, by=by)
    merge.save(update_fields=["moved"])
    for emptied in (root, alias.pk):
        _follow_the_last(emptied, by=by)
    refresh_faces(people=[root, alias.pk])
    log(what="person.merge-undone", by=by, person=root, about=merge.pk)
    return merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied:
    """Somebody whose patients have all been linked to others, and whom they follow: `patients` are those now there."""

    person: UUID
    into: UUID
    patients: tuple[UUID, ...]


def follow(*, emptied: Sequence[Emptied], reason: str, by: Viewer) -> list[Merge]:
    """Make people whose patients have left aliases of those they went to: what was written for them is still found.

    For whoever has moved the links already, in the same transaction.
    """
    people, patients = {one.person for one in emptied}, [patient for one in emptied for patient in one.patients]
    now = dict(Link.objects.filter(patient__in=patients, ended_at=None).values_list("patient_id", "pk"))
    before = Link.objects.filter(patient__in=patients, person__in=people, ended_at__isnull=False).order_by("id")
    last = {patient: pk for pk, patient in before.values_list("pk", "patient_id")}
    _carry(people, {last[patient]: pk for patient, pk in now.items() if patient in last})
    roads = [(one.person, one.into, [now[patient] for patient in one.patients]) for one in emptied]
    return _become_aliases(roads, reason=reason, by=by)


def came_from(*, person: UUID, patients: Iterable[UUID]) -> Merge | None:
    """The newest merge that stands by which exactly these patients came to this person."""
    wanted = set(patients)
    links = Link.objects.filter(person=person, ended_at=None, patient__in=wanted)
    here = {pk: patient for pk, patient in links.values_list("pk", "patient_id")}
    if set(here.values()) != wanted or not wanted:
        return None
    tree = Person.objects.filter(merged_into=person).values("pk")
    for merge in Merge.objects.filter(undone_at=None, alias__in=tree).order_by("-merged_at", "-id"):
        still = set(Link.objects.filter(pk__in=merge.moved, ended_at=None).values_list("pk", flat=True))
        if still == set(here):
            return merge
    return None


# held until the transaction ends
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('people.linking', 0))"


def one_at_a_time() -> None:
    """Wait until nobody else is linking, merging or parting; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)


def _kept_apart(one: UUID, other: UUID) -> bool:
    """Whether one of the one is an earlier identity of one of the other."""
    ones, others = (Person.objects.filter(Q(pk=root) | Q(merged_into=root)).values("pk") for root in (one, other))
    return EarlierIdentity.objects.filter(
        Q(person__in=ones, earlier__in=others) | Q(person__in=others, earlier__in=ones)
    ).exists()


Road = tuple[UUID, UUID, list[UUID]]  # who becomes an alias, of whom, and the links that come with them
# an alias of the alias follows, so that a merged person is always one step from the root
ALIASES = """
update people_person person set merged_into_id = coalesce(kept.merged_into_id, kept.id)
from unnest(%s::uuid[], %s::uuid[]) as road (alias, kept)
join people_person kept on kept.id = road.kept
where person.id = road.alias or person.merged_into_id = road.alias
"""


def _become_aliases(roads: Sequence[Road], *, reason: str, by: Viewer) -> list[Merge]:
    with connection.cursor() as cursor:
        cursor.execute(ALIASES, [[alias for alias, _, _ in roads], [kept for _, kept, _ in roads]])
    told = {"reason": reason, "merged_at": by.at, "merged_by": by.id}
    rows = [Merge(alias_id=alias, kept_id=kept, moved=moved, **told) for alias, kept, moved in roads]
    return Merge.objects.bulk_create(rows, batch_size=1000)


def _below(people: set[UUID]) -> set[UUID]:
    """Everybody who became an alias of these people, or of one of their aliases, and still is."""
    found: set[UUID] = set()
    layer = people
    while layer:
        rows = Merge.objects.filter(undone_at=None, kept__in=layer)
        layer = set(rows.values_list("alias_id", flat=True)) - found
        found |= layer
    return found


def _move(links: Sequence[Link], *, to: UUID, of: UUID, method: str, by: Viewer) -> list[UUID]:
    """End these links, all that come with the alias `of`, and make the same to somebody else; returns the new ones."""
    ended = Link.objects.filter(pk__in=[link.pk for link in links])
    ended.update(ended_at=by.at, ended_by=by.id, ended_reason=method)
    new = Link.objects.bulk_create(
        Link(
            patient_id=link.patient_id,
            person_id=to,
            method=method,
            evidence=link.evidence,
            linked_at=by.at,
            linked_by_kind=by.kind,
            linked_by=by.id,
        )
        for link in links
    )
    _carry({of}, {link.pk: one.pk for link, one in zip(links, new, strict=True)})
    return [link.pk for link in new]


def _carry(people: set[UUID], renewed: dict[UUID, UUID]) -> None:
    """Merges into these people, and into their aliases, go on naming the links they brought by their new ids."""
    merges = list(Merge.objects.filter(undone_at=None, alias__in=_below(people)))
    for merge in merges:
        merge.moved = [renewed.get(pk, pk) for pk in merge.moved]
    Merge.objects.bulk_update(merges, ["moved"], batch_size=500)


def _follow_the_last(person: UUID, *, by: Viewer) -> None:
    """Nobody stays behind without a patient: whom their own are linked to now, they follow."""
    mine = Link.objects.filter(person=person)
    if mine.filter(ended_at=None).exists():
        return
    own = mine.exclude(method=MERGED).values("patient")
    gone = list(Link.objects.filter(patient__in=own, ended_at=None).order_by("-linked_at", "-id"))
    if gone:
        whom = _home(gone[0])
        moved = [link.pk for link in gone if _home(link) == whom]
        _become_aliases([(person, whom, moved)], reason="Its patients are this person's now.", by=by)


def _home(link: Link) -> UUID:
    """Whose patient this is, were every merge undone."""
    brought = Merge.objects.filter(undone_at=None, alias__merged_into=link.person_id, moved__contains=[link.pk])
    roads = dict(brought.values_list("alias_id", "kept_id"))
    return next((alias for alias in roads if alias not in roads.values()), link.person_id)
