"""What the pages of messages say."""

from locality.neighbourhoods.queries.outbox import Asked, Counts, Listed, Step
from locality.neighbourhoods.rules.outbox import CHANNEL_WORDS, STATE_WORDS, Channel, MessageState
from locality.web.words import counted

STATES = tuple((one.value, words) for one, words in STATE_WORDS.items())
CHANNELS = tuple((one.value, words) for one, words in CHANNEL_WORDS.items())
KINDS = {
    MessageState.WAITING: "info",
    MessageState.SENT: "good",
    MessageState.FAILED: "urgent",
    MessageState.STOPPED: "urgent",
    MessageState.ANSWERED: "good",
    MessageState.WITHDRAWN: "quiet",
}
STEPS = {
    "written": "wrote it",
    "sent": "It went",
    "stopped": "It was stopped",
    "tried": "It was tried, and not taken; it is tried again",
    "failed": "It was not taken",
    "taken back": "took it back",
    "to go again": "let it go again",
    "answered": "answered",
}
# what a way does, beside it on the form
WAYS = {
    Channel.HERE: "They read it on their own pages here, and can answer",
    Channel.LETTER: "You print it and post it",
    Channel.EMAIL: "An e-mail says that there is something to read here, and no more",
    Channel.TEXT: "A text says that there is something to read here, and no more",
    Channel.PRACTICE: "Goes to the practice's system as a document",
}


def answer(counts: Counts, *, asked: Asked) -> str:
    """What there is to see to, in one sentence."""
    whose = "you wrote" if asked.mine else "your team wrote"
    told = [f"{counted(counts.to_post, 'letter')} to print and post"] if counts.to_post else []
    if counts.did_not_go:
        told.append(f"{counts.did_not_go} did not go")
    if told:
        return ", ".join(told)
    return f"Nothing {whose} waits for you" if any(counts.by_state.values()) else f"Nothing {whose} yet"


def state(row: Listed) -> str:
    """How far it is."""
    if row.is_to_post:
        return "To print and post"
    if row.state == MessageState.SENT and row.channel == Channel.LETTER:
        return "Posted"
    return STATE_WORDS[row.state]


def kind(row: Listed) -> str:
    """The colour that repeats it."""
    return "caution" if row.is_to_post else KINDS[row.state]


def way(channel: Channel) -> str:
    """By which way."""
    return CHANNEL_WORDS[channel]


def step(one: Step) -> str:
    """What became of it, by whom: the machine itself has no name."""
    words = STEPS.get(one.what, one.what)
    return f"{one.by} {words}" if one.by and words[0].islower() else words
