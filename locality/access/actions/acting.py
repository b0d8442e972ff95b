"""Who acts for whom: written down, begun, left off and ended; each is on the books.

Writing it down asks for a second factor shown a short while ago; ending it never waits for anything.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from locality.access import rules
from locality.access.actions.ending import end_dated
from locality.access.actions.finding import show
from locality.access.actions.glass import said_words
from locality.access.actions.marking import ALREADY, ENDS_FIRST, NO_MARK, SAY_WHY, is_of, whose
from locality.access.actions.opening import NotOpened, open_record, there, there_for
from locality.access.models import Conflict, Proxy
from locality.access.queries.acting import acts_for, proxies_of
from locality.access.queries.knowing import holds
from locality.access.rules import Action, ConflictKind, Factor, ProxyKind
from locality.base import NoAccess, NotFound, Refused, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.people.models import Person
from locality.people.queries import same_person

MAY_NOT = (
    "The role you signed in with does not write down who acts for somebody. Ask a clinician, social worker or "
    "safeguarding lead who looks after them, or your privacy officer."
)
CHOOSE_RIGHT = "Choose by what right they act."
NOT_ONESELF = "Nobody acts for themselves by another's right."
HAS_DIED = "One of the two has died: nobody acts any more."
NOT_YOURSELF = "You cannot write down that you yourself act for somebody: ask a colleague to."
NO_BIRTHDAY = "Nobody knows when they were born, so a parent's rights would have no end."
NOT_FOR_THEM = "You do not, or no longer, act for this person."


@transaction.atomic
def make_proxy(
    *,
    person_id: UUID,
    proxy_id: UUID,
    kind: str,
    words: str,
    ends_on: date | None = None,
    kept_back: Collection[str] = (),
    knows_address: bool = False,
    by: Viewer,
) -> Proxy:
    """Let a person act for another until a day, seeing no class of `kept_back`; a parent until a birthday at most.

    Raises NoAccess for a role that may not, and without a second factor; Refused for a parent of somebody who is
    older, or whose birthday nobody knows, and for oneself.
    """
    same = _decided_on(person_id, by=by)
    if kind not in set(ProxyKind):
        raise Refused(CHOOSE_RIGHT)
    other = there(proxy_id)
    _check_two(same, other, by=by)
    on = day_of(by.at)
    row = Proxy(
        person=same[0],
        proxy=other[0],
        kind=kind,
        kept_back=sorted({str(one) for one in rules.MAY_BE_KEPT_FROM_PROXY} & set(kept_back)),
        knows_address=knows_address,
        reason=said_words(words, blank=SAY_WHY),
        starts_on=on,
        ends_on=_last(same[0], kind=kind, asked=ends_on, on=on),
        made_at=by.at,
        made_by=by.id,
    )
    _keep(row)
    told = {"kind": kind, "kept_back": row.kept_back, "until": row.ends_on.isoformat() if row.ends_on else None}
    log(what="proxy.made", by=by, person=row.person_id, about=row.pk, reason=row.reason, detail=told)
    return row


def _decided_on(person_id: UUID, *, by: Viewer) -> Sequence[Person]:
    """The person for whom somebody is to act, for whoever may say so."""
    if not rules.may_name_proxies(by):
        raise NoAccess(MAY_NOT)
    if not rules.may_review(by):
        return there(open_record(person_id=person_id, by=by, what="consent.opened", action=Action.DECIDE).person.pk)
    if not by.second_factor:
        raise NotOpened(rules.REFUSAL_WORDS[Factor.SECOND_FACTOR], factor=Factor.SECOND_FACTOR)
    return there_for(person_id, by=by)


def _check_two(same: Sequence[Person], other: Sequence[Person], *, by: Viewer) -> None:
    if same[0].pk == other[0].pk:
        raise Refused(NOT_ONESELF)
    if any(one.died for one in (*same, *other)):
        raise Refused(HAS_DIED)
    own = Conflict.objects.filter(holds(day_of(by.at)), practitioner=by.id, kind=ConflictKind.OWN_RECORD)
    if own.filter(person__in=other).exists():
        raise Refused(NOT_YOURSELF)


def _last(person: Person, *, kind: str, asked: date | None, on: date) -> date | None:
    if asked is not None and asked <= on:
        raise Refused(ENDS_FIRST)
    if kind != ProxyKind.PARENT:
        return asked
    if person.birth_on is None:
        raise Refused(NO_BIRTHDAY)
    birthday = rules.parent_until(person.birth_on)
    if birthday <= on:
        raise Refused(f"A parent acts for a child under {rules.TABLES.parent_until_age}; they are older.")
    return min(birthday, asked) if asked else birthday


def _keep(row: Proxy) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as already:
        raise Refused(ALREADY) from already


@transaction.atomic
def end_proxy(*, proxy_id: UUID, words: str, by: Viewer, of: UUID | None = None) -> None:
    """End somebody's acting for a person, from today; `of` is the person whose page it was said on.

    Whoever may write in the record may, the privacy officer, the person, and whoever acts.
    """
    row = Proxy.objects.select_for_update(of=("self",)).filter(pk=proxy_id, ended_at=None).first()
    if row is None or not is_of(row.person_id, of):
        raise NotFound(NO_MARK)
    if not _is_their_own_right(row, by=by):
        whose(person_id=row.person_id, by=by, what="consent.opened")
    said = said_words(words, blank=SAY_WHY)
    end_dated(row, reason=said, by=by)
    log(what="proxy.ended", by=by, person=row.person_id, about=row.pk, reason=said)


def _is_their_own_right(row: Proxy, *, by: Viewer) -> bool:
    return by.kind == ViewerKind.PERSON and by.id in (row.proxy_id, row.proxy.merged_into_id)


@transaction.atomic
def act_for(*, person_id: UUID, by: Viewer) -> Proxy:
    """Begin to act for a person, as whoever is signed in may today. Raises NotFound where they do not act for them."""
    if by.kind != ViewerKind.PERSON:
        raise NotFound(NOT_FOR_THEM)
    row = acts_for(viewer=by).filter(Q(person=person_id) | Q(person__merged_into=person_id)).first()
    if row is None:
        raise NotFound(NOT_FOR_THEM)
    log(what="proxy.acting", by=by, person=row.whom.pk, about=row.pk, detail={"kind": row.kind})
    return row


@transaction.atomic
def act_for_oneself(*, by: Viewer) -> None:
    """Leave off acting for a person."""
    if by.kind == ViewerKind.PROXY and by.acts_for is not None:
        log(what="proxy.acting-over", by=by, person=by.acts_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """For whom somebody acts today, and who acts for them; the second is told to themselves alone."""

    acts_for: tuple[Proxy, ...]
    proxies: tuple[Proxy, ...]


@transaction.atomic
def list_acting(*, by: Viewer) -> Acting:
    """For whom whoever is signed in acts, and who acts for them; everybody named is written down as shown."""
    if by.kind not in (ViewerKind.PERSON, ViewerKind.PROXY):
        raise NotFound(NOT_FOR_THEM)
    theirs = tuple(acts_for(viewer=by))
    mine: tuple[Proxy, ...] = ()
    if by.kind == ViewerKind.PERSON:
        ids = [one.pk for one in same_person(by.id)]
        mine = tuple(proxies_of(person_ids=ids, on=day_of(by.at)))
    show(people_ids=sorted({row.whom.pk for row in theirs} | {row.who.pk for row in mine}), what="proxy.listed", by=by)
    return Acting(acts_for=theirs, proxies=mine)
