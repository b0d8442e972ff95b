"""Somebody lived under another identity before. The two records are kept apart, and neither tells of the other.

Gender Recognition Act 2004, section 22; Adoption and Children Act 2002: to tell of it may be an offence. So nothing
that is written here names a person on any list that others read: not the audit of the one, nor of the other.
"""

from django.db import transaction
from django.db.models import Q

from locality.base import Refused, Viewer
from locality.journal.actions import log
from locality.people.actions.faces import refresh_faces
from locality.people.actions.merging import one_at_a_time
from locality.people.models import EarlierIdentity, Link, Pair, Person
from locality.people.queries.same_person import same_person

KINDS = ("gender recognition", "adoption", "protection")


@transaction.atomic
def keep_apart(*, person: Person, earlier: Person, kind: str, reason: str, by: Viewer) -> EarlierIdentity:
    """Write down that somebody lived under an earlier identity: the two are never compared, suggested or joined.

    Said again, it is left as it was. Raises Refused for one person, an unknown kind, or without a reason.
    """
    one_at_a_time()
    if kind not in KINDS:
        raise Refused(f"Say of what kind it is: {', '.join(KINDS)}.")
    if not reason.strip():
        raise Refused("Say how it is known.")
    now, before = same_person(person.pk), same_person(earlier.pk)
    if now[0].pk == before[0].pk:
        raise Refused("These two are one person here: part them first.")
    known = EarlierIdentity.objects.filter(person__in=now, earlier__in=before).first()
    if known is not None:
        return known
    row = EarlierIdentity.objects.create(
        person=now[0], earlier=before[0], kind=kind, reason=reason.strip(), said_at=by.at, said_by=by.id
    )
    _ask_no_more(now[0], before[0])
    refresh_faces(people=[now[0].pk, before[0].pk])
    log(what="identity.kept-apart", by=by, about=row.pk)
    return row


def _ask_no_more(one: Person, other: Person) -> None:
    ones, others = (Link.objects.filter(person=each, ended_at=None).values("patient") for each in (one, other))
    across = Q(first__in=ones, second__in=others) | Q(first__in=others, second__in=ones)
    Pair.objects.filter(across).delete()
