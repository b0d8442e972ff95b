"""Finding people, in words: why somebody is on a list, what was answered, how finding goes."""

from dataclasses import dataclass

from locality.neighbourhoods.rules.candidates import CandidateState
from locality.population.queries.finding import OnList, Reason, Said
from locality.population.queries.runs import Fall, Length, OneRun
from locality.population.rules.finding import ANSWER_WORDS, DECLINE_WORDS, MINUTES_A_PERSON, Answer, DeclineReason
from locality.web.words import counted, short_day

EVENTS = {
    "emergency admission": "Emergency admission",
    "planned admission": "Planned admission",
    "attendance": "Visit to A&E",
    "ambulance": "Ambulance called",
    "out of hours": "Call out of hours",
    "fall": "Fall",
}
SYSTEMS = {"snomed": "SNOMED", "icd-10": "ICD-10", "ICD-10": "ICD-10", "loinc": "LOINC"}
FIRST_REASONS = 4
NO_CHANGE = 0.02
BY_HAND = "named"
NOBODY_WAITS = (
    "Nobody waits for your answer. People come here when a list is made, once a day, and when a colleague puts "
    "somebody forward by hand."
)


def what(reason: Reason) -> str:
    """A reason in words: what happened, or what was written down."""
    if reason.kind == "event":
        words = EVENTS.get(reason.code, reason.code.capitalize())
        return f"{words}, {reason.said}" if reason.said else words
    said = reason.said or reason.code
    return said[:1].upper() + said[1:]


def code_words(reason: Reason) -> str:
    """The code of a reason, as those who keep codes read it; nothing where it has none."""
    system = SYSTEMS.get(reason.system, "")
    return f"{system} {reason.code}" if system and reason.code else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One reason on a list; the same thing that happened several times is one line with the last day."""

    words: str
    times: int
    on_day: object
    sender: str
    sender_name: str

    @property
    def often(self) -> str:
        return f"{self.times} times, last" if self.times > 1 else ""


def lines(reasons: tuple[Reason, ...]) -> list[Line]:
    """The reasons in few lines, the weightiest first."""
    together: dict[tuple[str, str], list[Reason]] = {}
    for reason in reasons:
        words = EVENTS.get(reason.code, reason.code) if reason.kind == "event" else what(reason)
        together.setdefault((words, reason.sender), []).append(reason)
    found = []
    for (words, sender), same in together.items():
        days = [one.on_day for one in same if one.on_day]
        last = max(days) if days else None
        found.append((sum(one.points for one in same), Line(words, len(same), last, sender, same[0].sender_name)))
    return [line for _, line in sorted(found, key=lambda one: -one[0])]


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the page of a list."""

    one: OnList
    lines: list[Line]
    more: int
    in_place: list[Line]
    title: str


def row(one: OnList) -> Row:
    """Somebody on a list, with the first reasons."""
    found = lines(one.reasons)
    title = one.criterion or "Put forward by hand"
    return Row(one, found[:FIRST_REASONS], max(len(found) - FIRST_REASONS, 0), lines(one.in_place), title)


def answer(waiting: int) -> str:
    """The heading of the page of a list."""
    if not waiting:
        return "Nobody waits for you to review"
    return f"{counted(waiting, 'person', 'people')} to review, about {counted(waiting * MINUTES_A_PERSON, 'minute')}"


def done(one: OnList, said: Answer) -> str:
    """What was just answered, for the notice with its undo."""
    name = f"{one.person.family.upper()}, {one.person.given}"
    effects = {
        Answer.ACCEPTED: f"accepted: the {one.team} may know them from now on, and its meeting decides",
        Answer.DECLINED: "declined",
        Answer.KNOWN: "already known",
        Answer.LATER: "put off",
    }
    return f"{name}: {effects[said]}."


def said_words(said: Said) -> str:
    """An answer in words."""
    words = ANSWER_WORDS[Answer(said.answer)]
    if said.reason:
        words = f"{words}: {DECLINE_WORDS[DeclineReason(said.reason)].lower()}"
    if said.later_on:
        words = f"{words}, from {short_day(said.later_on)}"
    return f"{words} (\u201c{said.words}\u201d)" if said.words else words


def became_words(one: OnList) -> str:
    """What became of somebody who was accepted, in words."""
    told = one.became
    if told is None:
        return ""
    if told.state == CandidateState.WAITING:
        return f"Waits for the {one.team} to decide, since {short_day(told.at)}"
    if told.state == CandidateState.WITHDRAWN:
        return f"Taken back on {short_day(told.at)}"
    words = "Taken on by" if told.state == CandidateState.TAKEN_ON else "Not taken on by"
    why = f" (\u201c{told.why}\u201d)" if told.why else ""
    return f"{words} the {one.team} on {short_day(told.at)}{why}"


# ---- figures


def count(number: int | None) -> str:
    """A count as it may be told."""
    return f"{number:,}" if number is not None else "1 to 7"


def told(number: int | None) -> str:
    """A count out of a table in which more may be kept back than what is small."""
    return f"{number:,}" if number is not None else "kept back"


def share(part: float | None) -> str:
    """A share in per cent."""
    return f"{part:.0%}" if part is not None else "hidden"


def fall_words(fall: Fall) -> str:
    """By how much a list fell of itself."""
    if abs(fall.share) < NO_CHANGE:
        return "about as many"
    return f"{abs(fall.share):.0%} {'less' if fall.share > 0 else 'more'}"


def run_words(run: OneRun) -> str:
    """How one run went, in a sentence."""
    return f"{told(run.found)} found, {told(run.listed)} on the lists of {counted(len(run.lists), 'team')}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One length in the chart: where its two bars begin, how high each is of 100, and what is written above it."""

    words: str
    x: int
    value: float
    captured: float
    value_words: str
    captured_words: str


BAR_WIDTH, GAP = 20, 20
CHART_GROUP = 2 * BAR_WIDTH + GAP


def bars(lengths: tuple[Length, ...]) -> list[Bar]:
    """The lengths whose counts may be told, side by side."""
    told = [(one, one.value, one.captured) for one in lengths if one.value is not None and one.captured is not None]
    return [
        Bar(
            words=one.length,
            x=at * CHART_GROUP + GAP,
            value=round(100 * value, 1),
            captured=round(100 * captured, 1),
            value_words=share(value),
            captured_words=share(captured),
        )
        for at, (one, value, captured) in enumerate(told)
    ]
