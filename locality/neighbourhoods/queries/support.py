"""Whom the viewer's teams support as link workers do, and how it stands with each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery

from locality.access import wall
from locality.access.queries import Grant, visible
from locality.access.queries.knowing import KEPT
from locality.base import NotFound, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.directory.models import Service, ServiceCapacity
from locality.directory.queries import SOMEBODY, names_of
from locality.directory.queries.services import newest_capacities
from locality.neighbourhoods.models import Referral, Support, SupportContact, SupportOffer
from locality.neighbourhoods.queries.covering import covers
from locality.neighbourhoods.queries.seen import received_by, seen_by
from locality.neighbourhoods.rules.needs import NEED_WORDS, is_private, need_words
from locality.neighbourhoods.rules.referrals import ReferralState
from locality.neighbourhoods.rules.support import TRIED_TOO_OFTEN, NeedState, OfferState, Reached, Way
from locality.neighbourhoods.rules.wellbeing import Change, Question, changes
from locality.people.models import Person

NOT_THERE = "There is no such support here."
MOST = 100
MOST_SERVICES = 300
ENDED_LATELY_DAYS = 90
# no time is arranged for them: after so many days somebody should ring
QUIET_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One support as a list shows it; `tried` is how often one tried in vain since one last spoke."""

    id: UUID
    person: Person
    team: str
    team_id: UUID
    owner_id: UUID | None
    owner: str
    why: str
    needs: tuple[str, ...]
    next_on: date | None
    contact_at: datetime | None
    begun_at: datetime
    ended_at: datetime | None
    outcome: str
    tried: int
    is_due: bool
    is_quiet: bool
    version: int

    @property
    def is_hard_to_reach(self) -> bool:
        """Whether one rang often enough that somebody else should know."""
        return self.tried >= TRIED_TOO_OFTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Somebody who was referred, whose referral was accepted, and to no support of which it belongs yet.

    `support` is the one that the viewer's team gives them already.
    """

    referral: UUID
    person: Person
    asked: str
    sent_at: datetime
    support: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    id: UUID
    need: str
    words: str
    state: NeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What was offered; `room` is what the directory says of it, where it is newer than the `wait` typed here."""

    id: UUID
    what: str
    need: str
    wait: str
    state: OfferState
    service: UUID | None
    may_refer: bool
    referral: UUID | None
    made_at: datetime
    changed_at: datetime | None
    room: ServiceCapacity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    id: UUID
    at: datetime
    way: Way
    reached: Reached
    words: str
    by: str
    by_id: UUID
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    asked_on: date
    scores: dict[Question, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    what: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One support, whole."""

    support: Listed
    agreed: str
    outcome_words: str
    told_at: datetime | None
    referral: Referral | None
    needs: list[Need]
    offers: list[Offer]
    contacts: list[Contact]
    answers: list[Answers]
    changes: list[Change]
    steps: list[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson:
    """That somebody is supported, by whom and with what: for their page. Needs are in words."""

    id: UUID
    team: str
    phone: str
    owner: str
    needs: tuple[str, ...]
    offers: tuple[tuple[str, OfferState], ...]
    next_on: date | None
    contact_at: datetime | None
    is_open: bool
    may_open: bool


def seen_support(viewer: Viewer) -> QuerySet[Support]:
    """The predicate: supports of the viewer's teams, of people whom they may know today."""
    return seen_by(viewer, Support.objects.all())


def supported(*, viewer: Viewer, mine: bool = True, most: int = MOST) -> list[Listed]:
    """Whom the viewer, or their teams, support now: whoever is due first; one more than `most` where more. Three."""
    rows = seen_support(viewer).filter(ended_at=None)
    if mine:
        rows = rows.filter(_falls_to(viewer))
    rows = rows.order_by(F("next_on").asc(nulls_first=True), "begun_at", "pk")
    return _listed(rows[: most + 1], viewer)


def _falls_to(viewer: Viewer) -> Q:
    """Those of the viewer, of nobody, and of whom the viewer covers while they are away."""
    return Q(owner=viewer.id) | Q(owner=None) | Q(owner__in=covers(viewer))


def ended(*, viewer: Viewer, most: int = MOST) -> list[Listed]:
    """Whose support ended lately, the last first."""
    since = viewer.at - timedelta(days=ENDED_LATELY_DAYS)
    rows = seen_support(viewer).filter(ended_at__gte=since).order_by("-ended_at", "pk")
    return _listed(rows[:most], viewer)


def people_of(rows: list[Listed]) -> list[UUID]:
    """Everybody named in a list, once."""
    return list(dict.fromkeys(one.person.pk for one in rows))


# another team of the organisation may have begun it, which this page is not shown
@wall.down()
def waiting(*, viewer: Viewer) -> list[Waits]:
    """Whose referral the viewer's team or organisation accepted, and which belongs to no support yet. One query."""
    begun = Support.objects.exclude(referral=None).values("referral")
    states = (ReferralState.ACCEPTED, ReferralState.BOOKED, ReferralState.SEEN)
    rows = seen_by(viewer, Referral.objects.filter(state__in=states), whose=received_by(viewer))
    rows = rows.exclude(pk__in=begun).filter(support=None).exclude(need="")
    given = Support.objects.alias(theirs=KEPT).filter(theirs=OuterRef("whom"), team__in=viewer.teams, ended_at=None)
    rows = rows.annotate(whom=KEPT).annotate(given=Subquery(given.order_by("begun_at", "pk").values("pk")[:1]))
    return [
        Waits(
            referral=row.pk,
            person=row.person.merged_into or row.person,
            asked=row.asked,
            sent_at=row.sent_at,
            support=row.given,
        )
        for row in rows.select_related("person", "person__merged_into").order_by("sent_at", "pk")[:MOST]
    ]


def due_count(*, viewer: Viewer) -> int:
    """How many of the viewer's own people are due today, or have nothing arranged. One query, for the home page."""
    on = day_of(viewer.at)
    return seen_support(viewer).filter(_falls_to(viewer), Q(next_on=None) | Q(next_on__lte=on), ended_at=None).count()


def support(*, viewer: Viewer, support_id: UUID) -> One:
    """One support, whole; raises NotFound for another team's. Nine queries."""
    row = seen_support(viewer).filter(pk=support_id)
    found = _listed(row.select_related("referral", "referral__team", "referral__sender"), viewer)
    kept = row.select_related("referral", "referral__team", "referral__sender").first()
    if kept is None or not found:
        raise NotFound(NOT_THERE)
    contacts = list(kept.contacts.filter(struck_at=None).order_by("-at", "-pk"))
    steps = list(kept.history.order_by("-at", "-pk")[:MOST])
    names = names_of([*(one.made_by for one in contacts), *(one.by for one in steps)])
    answers = _answers(kept)
    return One(
        support=found[0],
        agreed=kept.agreed,
        outcome_words=kept.outcome_words,
        told_at=kept.told_at,
        referral=kept.referral,
        needs=[
            Need(id=one.pk, need=one.need, words=one.words, state=NeedState(one.state))
            for one in kept.needs.order_by("made_at", "pk")
        ],
        offers=_offers(kept),
        contacts=[_contact(one, names) for one in contacts],
        answers=answers,
        changes=changes([one.scores for one in answers]),
        steps=[Step(what=one.what, why=one.why, by=names.get(one.by, SOMEBODY), at=one.at) for one in steps],
    )


def _answers(row: Support) -> list[Answers]:
    return [
        Answers(
            asked_on=one.asked_on,
            scores={question: getattr(one, question) for question in Question if getattr(one, question) is not None},
        )
        for one in row.answers.order_by("asked_on")
    ]


def _offers(row: Support) -> list[Offer]:
    rows = list(row.offers.select_related("need", "service").order_by("made_at", "pk"))
    rooms = newest_capacities(one.service_id for one in rows if one.service_id)
    return [_offer(one, rooms.get(one.service_id) if one.service_id else None) for one in rows]


def _offer(one: SupportOffer, room: ServiceCapacity | None) -> Offer:
    newer = room is not None and (not one.wait or room.reported_at > one.made_at)
    takes = one.service is not None and one.service.takes_referrals
    return Offer(
        id=one.pk,
        what=one.what,
        need=one.need.need if one.need else "",
        wait=one.wait,
        state=OfferState(one.state),
        service=one.service_id,
        may_refer=takes and one.referral_id is None,
        referral=one.referral_id,
        made_at=one.made_at,
        changed_at=one.changed_at,
        room=room if newer else None,
    )


def _contact(one: SupportContact, names: dict[UUID, str]) -> Contact:
    return Contact(
        id=one.pk,
        at=one.at,
        way=Way(one.way),
        reached=Reached(one.reached),
        words=one.words,
        by=names.get(one.made_by, SOMEBODY),
        by_id=one.made_by,
        made_at=one.made_at,
    )


def _is_private(one: SupportOffer) -> bool:
    return is_private(one.need.need if one.need else "", one.service.needs if one.service else ())


def of_person(*, grant: Grant) -> list[OfPerson]:
    """By whom a person is or was lately supported, and with what, as far as this grant opens it. Three queries.

    To whoever acts for them, what might be done to them by the reader is left out (`needs.PRIVATE`).
    """
    since = grant.viewer.at - timedelta(days=ENDED_LATELY_DAYS)
    rows = Support.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__gte=since)).select_related("team", "owner")
    is_told_all = grant.viewer.kind != ViewerKind.PROXY
    offers_ = Prefetch("offers", SupportOffer.objects.select_related("need", "service"))
    found = []
    for row in rows.prefetch_related("needs", offers_).order_by("ended_at", "-begun_at", "pk"):
        needs = [one for one in row.needs.all() if is_told_all or not is_private(one.need)]
        offers = [one for one in row.offers.all() if is_told_all or not _is_private(one)]
        found.append(
            OfPerson(
                id=row.pk,
                team=row.team.name,
                phone=row.team.phone,
                owner=row.owner.name if row.owner else "",
                needs=tuple(need_words(one.need) for one in sorted(needs, key=lambda one: one.made_at)),
                offers=tuple((one.what, OfferState(one.state)) for one in sorted(offers, key=lambda one: one.made_at)),
                next_on=row.next_on,
                contact_at=row.contact_at,
                is_open=row.ended_at is None,
                may_open=row.team_id in grant.viewer.teams,
            )
        )
    return found


def services_to_offer(*, viewer: Viewer, words: str = "") -> list[Service]:
    """What the directory holds today, by name: to offer somebody. One query."""
    on = day_of(viewer.at)
    rows = Service.objects.filter(Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gt=on))
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(description__icontains=word))
    return list(rows.select_related("organisation").order_by("name", "pk")[:MOST_SERVICES])


def _listed(rows: QuerySet[Support], viewer: Viewer) -> list[Listed]:
    on = day_of(viewer.at)
    found = rows.select_related("person", "person__merged_into", "team", "owner")
    return [_one(row, on=on) for row in found.prefetch_related("needs", "contacts")]


def _one(row: Support, *, on: date) -> Listed:
    contacts = [one for one in row.contacts.all() if one.struck_at is None]
    spoke = [one.at for one in contacts if one.reached == Reached.YES]
    tried = sum(one.reached != Reached.YES and (not spoke or one.at > max(spoke)) for one in contacts)
    last_on = day_of(row.contact_at or row.begun_at)
    return Listed(
        id=row.pk,
        person=row.person.merged_into or row.person,
        team=row.team.name,
        team_id=row.team_id,
        owner_id=row.owner_id,
        owner=row.owner.name if row.owner else "",
        why=row.why,
        needs=tuple(one.need for one in sorted(row.needs.all(), key=lambda one: (one.made_at, one.pk))),
        next_on=row.next_on,
        contact_at=row.contact_at,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        tried=tried,
        is_due=row.ended_at is None and row.next_on is not None and row.next_on <= on,
        is_quiet=row.ended_at is None and row.next_on is None and (on - last_on).days > QUIET_DAYS,
        version=row.version,
    )


def needs_in_order() -> list[tuple[str, str]]:
    """The needs to choose from: code and words."""
    return list(NEED_WORDS.items())
