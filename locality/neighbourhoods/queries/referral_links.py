"""What somebody who came by a link reads of one referral: the least with which it can be answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from locality.access import wall
from locality.access.queries.accounts import mark
from locality.base import SYSTEM_ID, NotFound
from locality.base.periods import day_of
from locality.neighbourhoods.models import Referral, ReferralHistory, ReferralLink, ReferralLinkTry
from locality.neighbourhoods.queries.leaving import objected
from locality.neighbourhoods.queries.referrals import history_of, names_of_ends
from locality.neighbourhoods.rules.referrals import (
    BY_LINK,
    MOVES,
    OPEN,
    WRONG_LINKS,
    ReferralMove,
    ReferralState,
    may_undo,
)
from locality.people.queries import same_person
from locality.people.queries.earlier import who_is_earlier

PURPOSE = "referral-link"
OVER = (
    "This link opens nothing any more: its time has run out, or the referral has come to an end. Ask whoever sent it "
    "for another."
)
TOO_MANY = "Too many links that are not right came from where you are. Wait an hour, then open yours again."


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLink:
    """One referral without a surname, a birth day, a number or an address."""

    first_name: str
    from_name: str
    from_phone: str
    need: str
    asked: str
    words: str
    question: str
    answer: str
    wanted: str
    contact: str
    state: ReferralState
    answer_by: datetime
    booked_at: datetime | None
    booked_where: str
    expires_at: datetime
    to_name: str
    moves: tuple[ReferralMove, ...]
    may_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link that was sent: to whom, until when, and whether it was opened."""

    id: UUID
    to_name: str
    to_address: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    opened_at: datetime | None
    opened_times: int

    def holds(self, at: datetime) -> bool:
        """Whether it still opens anything."""
        return self.ended_at is None and at < self.expires_at


def digest_of(words: str) -> bytes:
    """What a secret, or a network, is known by again."""
    return bytes.fromhex(mark(PURPOSE, words))


def live(token: str, *, at: datetime) -> ReferralLink:
    """The link of this secret, while it holds, the person lives and does not object; else NotFound, always the same."""
    rows = ReferralLink.objects.select_related("referral__person__merged_into")
    row = rows.filter(digest=digest_of(token), ended_at=None, expires_at__gt=at).first()
    if row is None or row.referral.state not in OPEN:
        raise NotFound(OVER)
    if _is_closed(row.referral, on=day_of(at)):
        raise NotFound(OVER)
    return row


def _is_closed(row: Referral, *, on: date) -> bool:
    """Whether a message about it would not go today: what was sent before is not read on for longer."""
    people = same_person(row.person_id)
    ids = [one.pk for one in people]
    gone = any(one.died for one in people) or people[0].pk in who_is_earlier(ids)
    return gone or objected(ids, sender=row.sender_id, to=row.to_organisation_id, on=on)


# nobody is signed in: the secret says by its own right which one it opens
@wall.down()
def by_link(*, token: str, at: datetime) -> ByLink:
    """What a link opens. Raises NotFound. Six queries."""
    link = live(token, at=at)
    ends = ("person__merged_into", "team", "sender", "to_team", "to_service", "to_organisation")
    row = Referral.objects.select_related(*ends).get(pk=link.referral_id)
    steps = history_of(row)
    question, answer = _asked(steps)
    person, state = row.person.merged_into or row.person, ReferralState(row.state)
    return ByLink(
        first_name=person.likes or person.given,
        from_name=names_of_ends(row)[0],
        from_phone=row.team.phone if row.team else "",
        need=row.need,
        asked=row.asked,
        words=row.words,
        question=question,
        answer=answer,
        wanted=row.wanted,
        contact=row.contact,
        state=state,
        answer_by=row.answer_by,
        booked_at=row.booked_at,
        booked_where=row.booked_where,
        expires_at=link.expires_at,
        to_name=link.to_name,
        moves=tuple(move for move in BY_LINK if state in MOVES[move][0]),
        may_undo=undoes(steps, to_name=link.to_name, at=at),
    )


def last_link(referral: UUID) -> ReferralLink | None:
    """The link that was made last for a referral, whether it holds or not. One query."""
    return ReferralLink.objects.filter(referral=referral).order_by("-made_at", "-pk").first()


@wall.down()
def may_take_back(*, token: str, at: datetime) -> ReferralLink:
    """The link of this secret, where what was said by it last can be taken back, though it be over; else NotFound."""
    row = ReferralLink.objects.select_related("referral__person__merged_into").filter(digest=digest_of(token)).first()
    last = last_link(row.referral_id) if row else None
    if row is None or last is None or last.pk != row.pk or at >= row.expires_at:
        raise NotFound(OVER)
    person = row.referral.person.merged_into or row.referral.person
    if person.died or not undoes(history_of(row.referral), to_name=row.to_name, at=at):
        raise NotFound(OVER)
    return row


def undoes(steps: Sequence[ReferralHistory], *, to_name: str, at: datetime) -> bool:
    """Whether the last of these steps was said by a link of this name, and can still be taken back."""
    last = steps[-1] if steps else None
    return (
        last is not None
        and last.who == to_name
        and may_undo(what=last.what, was=last.was, done_at=last.at, done_by=last.by, at=at, by=SYSTEM_ID)
    )


def _asked(steps: Sequence[ReferralHistory]) -> tuple[str, str]:
    """What was asked of the sender last, and what they answered to it."""
    question = answer = ""
    for one in steps:
        if one.what == ReferralMove.ASK_MORE:
            question, answer = one.why, ""
        elif one.what == ReferralMove.ANSWER_MORE:
            answer = one.why
    return question, answer


def too_many(network: str, *, at: datetime) -> bool:
    """Whether so many wrong links were tried from a network that none is looked at for a while."""
    since = at - timedelta(hours=1)
    return ReferralLinkTry.objects.filter(network=digest_of(network), at__gt=since).count() >= WRONG_LINKS


def links_of(referral: UUID) -> list[Link]:
    """The links that were sent for a referral, the latest first. One query."""
    rows = ReferralLink.objects.filter(referral=referral).order_by("-made_at", "-pk")
    return [
        Link(
            id=row.pk,
            to_name=row.to_name,
            to_address=row.to_address,
            made_at=row.made_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
            opened_at=row.opened_at,
            opened_times=row.opened_times,
        )
        for row in rows
    ]
