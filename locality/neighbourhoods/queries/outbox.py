"""What leaves and what became of it: the list of a team, one message, what was written about a person and to them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from locality.access.models import Proxy
from locality.access.queries import Grant, acts_for, visible
from locality.base import NotFound, Viewer, ViewerKind
from locality.base.parts import Part, part
from locality.directory.queries import SOMEBODY, names_of
from locality.neighbourhoods.models import Message, MessageHistory
from locality.neighbourhoods.queries import untold
from locality.neighbourhoods.queries.seen import seen_by, sent_by
from locality.neighbourhoods.rules.outbox import Channel, MessageState, ToKind
from locality.people.models import Person
from locality.people.queries import same_person

NO_MESSAGE = "There is no such message here."
A_PAGE = 50
# what somebody here has to see to, and what they are told of the rest
TO_SEE_TO = Q(state__in=[MessageState.FAILED, MessageState.STOPPED]) | Q(
    state=MessageState.WAITING, channel=Channel.LETTER
)
REACHED = (MessageState.SENT, MessageState.ANSWERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One message as a list shows it; `person` is whoever it is about as they are called today."""

    id: UUID
    person: Person
    channel: Channel
    to_kind: ToKind
    to_id: UUID
    to_name: str
    subject: str
    state: MessageState
    stopped_why: str
    team: str
    sender: str
    made_at: datetime
    made_by: UUID
    not_before: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    answer: str
    tries: int

    @property
    def is_to_post(self) -> bool:
        """Whether it is a letter that somebody here has to print and post."""
        return self.channel == Channel.LETTER and self.state == MessageState.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that became of a message, by whom and when."""

    what: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One message whole, and what became of it, newest first."""

    message: Listed
    body: str
    to_address: str
    payload: dict | None
    about: str
    about_id: UUID | None
    by: str
    steps: list[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which messages a list is of: those that the viewer wrote, or all of their teams'; in one state; searched."""

    mine: bool = False
    state: MessageState | None = None
    to_see_to: bool = False
    channel: Channel | None = None
    words: str = ""


ALL = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many stand in each state; `to_post` are letters that somebody has to print and post."""

    by_state: dict[MessageState, int]
    to_post: int

    @property
    def did_not_go(self) -> int:
        """What failed and what was stopped."""
        return self.by_state[MessageState.FAILED] + self.by_state[MessageState.STOPPED]


def seen_messages(viewer: Viewer) -> QuerySet[Message]:
    """The predicate: what the viewer's teams or organisation sent, about people whom they may know today."""
    return seen_by(viewer, Message.objects.all(), whose=sent_by(viewer))


def listed(*, viewer: Viewer, asked: Asked = ALL, page: int = 1, most: int = A_PAGE) -> tuple[list[Listed], Part]:
    """A page of what was written, the newest first, and of how many. One query, or two."""
    rows = _told(_asked(seen_messages(viewer), asked, viewer)).order_by("-made_at", "-pk")
    found, shown = part(rows, most=most, page=page)
    return [_listed(row) for row in found], shown


def counts(*, viewer: Viewer, mine: bool = False) -> Counts:
    """How many stand in each state, and how many letters wait for somebody. One query."""
    rows = _asked(seen_messages(viewer), Asked(mine=mine), viewer)
    letters = Count("pk", filter=Q(channel=Channel.LETTER))
    told = {state: (many, post) for state, many, post in _states(rows, many=Count("pk"), post=letters)}
    return Counts(
        by_state={state: told.get(state, (0, 0))[0] for state in MessageState},
        to_post=told.get(MessageState.WAITING, (0, 0))[1],
    )


def _states(rows: QuerySet[Message], **counted: Count) -> Iterable[tuple[str, int, int]]:
    return rows.order_by().values_list("state").annotate(**counted)


def waiting(*, viewer: Viewer) -> int:
    """How many somebody has to see to: letters to print and post, what failed, what was stopped. One query."""
    return seen_messages(viewer).filter(TO_SEE_TO).count()


def message(*, viewer: Viewer, message_id: UUID) -> One:
    """One message with its history; raises NotFound for another team's. Three queries."""
    row = _told(seen_messages(viewer)).filter(pk=message_id).first()
    if row is None:
        raise NotFound(NO_MESSAGE)
    steps = list(row.history.order_by("-at", "-pk"))
    names = names_of([row.made_by, *(one.by for one in steps)])
    return One(
        message=_listed(row),
        body=row.body,
        to_address=row.to_address,
        payload=row.payload,
        about=row.about,
        about_id=row.about_id,
        by=names.get(row.made_by, SOMEBODY),
        steps=[_step(one, row, names) for one in steps],
    )


def is_seen(*, viewer: Viewer, message_id: UUID) -> bool:
    """Whether a message opens to the viewer."""
    return seen_messages(viewer).filter(pk=message_id).exists()


def of_person(*, grant: Grant, most: int = 20) -> list[Listed]:
    """What was written about the person whose record is open, by any team, the newest first. One query."""
    rows = Message.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)
    return [_listed(row) for row in _told(rows).order_by("-made_at", "-pk")[:most]]


def of_things(*, viewer: Viewer, ids: Collection[UUID]) -> dict[UUID, list[Listed]]:
    """What the viewer's teams wrote about each of these (a referral, a class, a support). One query."""
    found: dict[UUID, list[Listed]] = {one: [] for one in ids}
    for row in _told(seen_messages(viewer).filter(about_id__in=list(found))).order_by("-made_at", "-pk"):
        if row.about_id is not None:
            found[row.about_id].append(_listed(row))
    return found


# ---- to whoever signs in for themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMe:
    """A message to somebody, as they read it: from whom, what it says, what they answered."""

    id: UUID
    from_name: str
    phone: str
    about_name: str
    subject: str
    body: str
    channel: Channel
    sent_at: datetime
    answer: str
    answered_at: datetime | None

    @property
    def may_answer(self) -> bool:
        """Whether nothing was answered yet."""
        return self.answered_at is None


def messages_to(viewer: Viewer) -> QuerySet[Message]:
    """The predicate: what reached whoever signs in for themselves, or whoever acts, of what is not kept from them."""
    if viewer.kind == ViewerKind.PERSON:
        ids = [one.pk for one in same_person(viewer.id)]
        rows = Message.objects.filter(to_kind=ToKind.PERSON, to_id__in=ids, person__in=ids)
    elif viewer.kind == ViewerKind.PROXY and viewer.acts_for is not None:
        rows = _to_proxy(viewer, viewer.acts_for)
    else:
        return Message.objects.none()
    return rows.filter(state__in=REACHED)


def to_person(*, viewer: Viewer, most: int = 100) -> list[ToMe]:
    """The messages to a person, or to whoever acts for them, the newest first. Two or three queries."""
    rows = messages_to(viewer).select_related("person__merged_into", "team", "sender")
    return [_to_me(row) for row in rows.order_by("-sent_at", "-pk")[:most]]


def message_to_person(*, viewer: Viewer, message_id: UUID) -> ToMe:
    """One of them; raises NotFound for whom it is not to."""
    rows = messages_to(viewer).select_related("person__merged_into", "team", "sender")
    row = rows.filter(pk=message_id).first()
    if row is None:
        raise NotFound(NO_MESSAGE)
    return _to_me(row)


def unanswered_to_person(*, viewer: Viewer) -> int:
    """How many messages somebody has not answered."""
    return messages_to(viewer).filter(state=MessageState.SENT).count()


def _to_proxy(viewer: Viewer, person: UUID) -> QuerySet[Message]:
    """What was written to whoever acts, about whom they act for now, while their right holds."""
    ids, own = ([one.pk for one in same_person(one_id)] for one_id in (person, viewer.id))
    rights: list[Proxy] = [one for one in acts_for(viewer=viewer) if one.person_id in ids]
    if not rights:
        return Message.objects.none()
    kept = set.intersection(*(set(one.kept_back) for one in rights))
    rows = Message.objects.filter(to_kind=ToKind.PROXY, to_id__in=own, person__in=ids)
    # what was written of a referral that they are not told of, or by whoever is there for such a need
    whose = untold.private_organisations().values("pk")
    of_such = Q(about_id__in=untold.private_referrals(ids).values("pk"))
    hidden = of_such | Q(sender__in=whose) | Q(team__lead_organisation__in=whose)
    rows = rows.exclude(hidden)
    return rows.exclude(data_class__in=sorted(kept))


def _to_me(row: Message) -> ToMe:
    about = row.person.merged_into or row.person
    assert row.sent_at is not None
    return ToMe(
        id=row.pk,
        from_name=row.team.name if row.team else row.sender.name,
        phone=row.team.phone if row.team else "",
        about_name=f"{about.likes or about.given} {about.family}".strip(),
        subject=row.subject,
        body=row.body,
        channel=Channel(row.channel),
        sent_at=row.sent_at,
        answer=row.answer,
        answered_at=row.answered_at,
    )


# ---- rows


def _asked(rows: QuerySet[Message], asked: Asked, viewer: Viewer) -> QuerySet[Message]:
    if asked.mine:
        rows = rows.filter(made_by=viewer.id)
    if asked.to_see_to:
        rows = rows.filter(TO_SEE_TO)
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.channel is not None:
        rows = rows.filter(channel=asked.channel)
    for word in asked.words.split()[:8]:
        rows = rows.filter(_said(word))
    return rows


def _said(word: str) -> Q:
    """Whether a word stands in its subject, or in the name of whom it is to or about."""
    found = Q()
    for field in ("subject", "to_name", "person__family", "person__given", "person__likes"):
        found |= Q((f"{field}__icontains", word))
    return found


def _told(rows: QuerySet[Message]) -> QuerySet[Message]:
    return rows.select_related("person__merged_into", "team", "sender")


def _step(one: MessageHistory, row: Message, names: Mapping[UUID, str]) -> Step:
    answered_itself = one.what == "answered" and one.by == row.to_id
    by = row.to_name if answered_itself else names.get(one.by, "" if one.what != "written" else SOMEBODY)
    return Step(what=one.what, why=one.why, by=by, at=one.at)


def _listed(row: Message) -> Listed:
    return Listed(
        id=row.pk,
        person=row.person.merged_into or row.person,
        channel=Channel(row.channel),
        to_kind=ToKind(row.to_kind),
        to_id=row.to_id,
        to_name=row.to_name,
        subject=row.subject,
        state=MessageState(row.state),
        stopped_why=row.stopped_why,
        team=row.team.name if row.team else "",
        sender=row.sender.name,
        made_at=row.made_at,
        made_by=row.made_by,
        not_before=row.not_before,
        sent_at=row.sent_at,
        answered_at=row.answered_at,
        answer=row.answer,
        tries=row.tries,
    )


def people_of(rows: Collection[Listed]) -> list[UUID]:
    """Everybody named in a list, once."""
    return list(dict.fromkeys(one.person.pk for one in rows))
