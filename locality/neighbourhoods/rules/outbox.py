"""What leaves for somebody outside, by which way, and what may become of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from locality.base import Refused


class Channel(StrEnum):
    """How it goes."""

    LETTER = "letter"  # printed and posted by somebody here
    EMAIL = "email"
    TEXT = "text"
    PRACTICE = "practice"  # a structured message to the person's practice
    REFERRAL = "referral"  # a structured referral to another organisation's system
    HERE = "here"  # to the person's own pages; nothing leaves


CHANNEL_WORDS = {
    Channel.LETTER: "Letter",
    Channel.EMAIL: "E-mail",
    Channel.TEXT: "Text",
    Channel.PRACTICE: "Message to the practice",
    Channel.REFERRAL: "Referral to another system",
    Channel.HERE: "Message on their own pages",
}


class ToKind(StrEnum):
    """To whom."""

    PERSON = "person"
    PROXY = "proxy"
    PRACTICE = "practice"
    SERVICE = "service"
    ORGANISATION = "organisation"


class MessageState(StrEnum):
    WAITING = "waiting"  # goes at the next turn: until then it can be taken back
    SENT = "sent"
    FAILED = "failed"  # tried, and not taken: can be tried again
    STOPPED = "stopped"  # it may not go: `stopped_why` says what the check at the moment of sending found
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


# stands in a body where a secret takes its place as it goes
IN_PLACE = "(here stands a link that only the mail itself shows)"


STATE_WORDS = {
    MessageState.WAITING: "Waiting to go",
    MessageState.SENT: "Sent",
    MessageState.FAILED: "Failed",
    MessageState.STOPPED: "Stopped",
    MessageState.ANSWERED: "Answered",
    MessageState.WITHDRAWN: "Taken back",
}


class MessageMove(StrEnum):
    SEND = "send"
    FAIL = "fail"
    STOP = "stop"
    RETRY = "retry"
    WITHDRAW = "withdraw"
    ANSWER = "answer"


MOVES = {
    MessageMove.SEND: ((MessageState.WAITING,), MessageState.SENT),
    MessageMove.FAIL: ((MessageState.WAITING,), MessageState.FAILED),
    MessageMove.STOP: ((MessageState.WAITING,), MessageState.STOPPED),
    MessageMove.RETRY: ((MessageState.FAILED, MessageState.STOPPED), MessageState.WAITING),
    MessageMove.WITHDRAW: ((MessageState.WAITING, MessageState.FAILED, MessageState.STOPPED), MessageState.WITHDRAWN),
    MessageMove.ANSWER: ((MessageState.SENT,), MessageState.ANSWERED),
}


class MessageMoveNotAllowed(Refused):
    """Something that left, or did not, cannot become that."""

    def __init__(self, state: MessageState) -> None:
        super().__init__(f"This message is {STATE_WORDS[state].lower()}: that cannot be done with it now.")


def next_state(state: MessageState, move: MessageMove) -> MessageState:
    """What a message becomes; raises MessageMoveNotAllowed."""
    before, after = MOVES[move]
    if state not in before:
        raise MessageMoveNotAllowed(state)
    return after


# ---- trying again

# a way that is down for an hour loses nothing; after most of a day somebody has to look
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
# nothing goes by these before somebody here has done something
BY_HAND = (Channel.LETTER,)
# the ways that end where anybody of the household may read them
LOCK_SCREEN = (Channel.EMAIL, Channel.TEXT)


def next_try(tries: int) -> timedelta | None:
    """How long to wait after so many tries that failed; None where it has failed for good."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None


class NotPosted(Exception):  # noqa: N818 -- what happened, as the refusals are called
    """A way out did not take a message, in words without an address; `again` where another try may help."""

    def __init__(self, words: str, *, again: bool = True) -> None:
        super().__init__(words)
        self.words, self.again = words, again


# ---- whether it may go


class Stop(StrEnum):
    """Why something may not go, found at the moment of sending."""

    WRONG_PERSON = "wrong person"
    EARLIER = "earlier identity"
    DIED = "died"
    ENDED = "ended"
    PROTECTED = "protected"
    OBJECTED = "objected"
    ACTS_NO_LONGER = "acts no longer"
    KEPT_BACK = "kept back"
    KEPT_AWAY = "kept away"
    NO_ACCOUNT = "no account"
    OTHER_PRACTICE = "other practice"
    CLOSED = "closed"
    NO_REFERRALS = "no referrals"
    LINK_OVER = "link over"
    MOVED = "moved"
    NOWHERE = "nowhere"
    NOT_SECURE = "not secure"


STOP_WORDS = {
    Stop.WRONG_PERSON: "What it came from was said to be about somebody else.",
    Stop.EARLIER: "Ask the identity custodian before you write to this person.",
    Stop.DIED: "The person has died.",
    Stop.ENDED: "You, your team and your organisation no longer have a reason to know them.",
    Stop.PROTECTED: "Their address is protected, and nobody let you or your team know it.",
    Stop.OBJECTED: "They object to sharing with other organisations.",
    Stop.ACTS_NO_LONGER: "Whom it is for no longer acts for them.",
    Stop.KEPT_BACK: "This is kept from whoever acts for them.",
    Stop.KEPT_AWAY: "Whom it is for is written down as somebody not to be contacted.",
    Stop.NO_ACCOUNT: "They have no way to sign in here, so nobody would read it.",
    Stop.OTHER_PRACTICE: "They are at another practice than when it was written.",
    Stop.CLOSED: "It is for a service or an organisation that has closed.",
    Stop.NO_REFERRALS: "The service takes no referrals now.",
    Stop.LINK_OVER: "What was asked is asked no more, or by another link: this one would open nothing.",
    Stop.MOVED: "Where it was to go is not where they are reached now: they moved, or their number changed.",
    Stop.NOWHERE: "Nobody knows where to send it.",
    Stop.NOT_SECURE: "That e-mail address is not on a secure domain, so what is said of somebody cannot go there.",
}
# the practice of somebody who has died is told all the same, and whoever waits for an answer about them
TOLD_OF_THE_DEAD = (ToKind.PRACTICE,)
ORGANISATIONS = (ToKind.PRACTICE, ToKind.SERVICE, ToKind.ORGANISATION)
PEOPLE = (ToKind.PERSON, ToKind.PROXY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the check found of the person, of the sender, and of where it is to go, at the moment of sending."""

    channel: Channel
    to_kind: ToKind
    wrong_person: bool = False
    earlier: bool = False
    died: bool = False
    related: bool = True
    protected: bool = False
    address_granted: bool = False
    objected: bool = False
    # what was found of whom it is for: a proxy's right, a practice's list, a service's door
    of_receiver: Stop | None = None
    has_account: bool = True
    # where it goes now, and where it was to go when it was written ("" where nobody said)
    address: str = ""
    written_to: str = ""
    is_secure: bool = False
    # a link alone, with nothing of anybody in it
    is_link: bool = False
    # the link it brings was ended before it left
    link_over: bool = False
    # what became of a referral, to the system that sent it
    is_answer: bool = False


def stopped(found: Found) -> Stop | None:
    """The first thing that keeps a message from going; None where it may."""
    return next((why for why, holds in _reasons(found) if holds), None) or found.of_receiver or _nowhere(found)


def _reasons(found: Found) -> tuple[tuple[Stop, bool], ...]:
    reaches_home = found.to_kind == ToKind.PERSON and found.channel != Channel.HERE
    return (
        (Stop.WRONG_PERSON, found.wrong_person),
        (Stop.EARLIER, found.earlier),
        (Stop.DIED, found.died and found.to_kind not in TOLD_OF_THE_DEAD and not found.is_answer),
        (Stop.LINK_OVER, found.link_over),
        (Stop.ENDED, not found.related),
        (Stop.PROTECTED, reaches_home and found.protected and not found.address_granted),
        (Stop.OBJECTED, found.objected and found.to_kind in ORGANISATIONS),
    )


def _nowhere(found: Found) -> Stop | None:
    to_people = found.to_kind in PEOPLE
    if to_people and not found.has_account and _is_read_here(found):
        return Stop.NO_ACCOUNT
    if found.channel == Channel.HERE:
        return None
    if not found.address:
        return Stop.NOWHERE
    if found.written_to and plain(found.written_to) != plain(found.address):
        return Stop.MOVED
    if not to_people and found.channel == Channel.EMAIL and not (found.is_secure or found.is_link):
        return Stop.NOT_SECURE
    return None


def _is_read_here(found: Found) -> bool:
    """Whether it is read after signing in here, whatever way tells of it."""
    return found.channel == Channel.HERE or found.channel in LOCK_SCREEN and not found.is_secure


def plain(address: str) -> str:
    """An address, number or e-mail without what two people would write differently of the same."""
    return "".join(letter for letter in address.casefold() if letter.isalnum() or letter == "@")


def is_secure(address: str, domains: Collection[str]) -> bool:
    """Whether an e-mail address lies on one of these domains, or under it."""
    domain = address.rpartition("@")[2].casefold()
    return bool(domain) and any(domain == one or domain.endswith(f".{one}") for one in domains)


def is_mobile(phone: str) -> bool:
    """Whether a number can take a text."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return len(digits.removeprefix("44").removeprefix("0")) == 10 and digits[-10] == "7"


NOTICE_SUBJECT = "A message for you"
NOTICE = "{sender} has written a message for you. Sign in to read it: {link}"


def notice(*, sender: str, link: str) -> str:
    """What goes by e-mail or text to a person: that there is something to read, and nothing of what it is."""
    return NOTICE.format(sender=sender, link=link)
