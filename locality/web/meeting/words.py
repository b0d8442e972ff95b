"""A meeting in words: when, how far it is, what was decided, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from locality.base.periods import LONDON
from locality.neighbourhoods.queries.agenda import Asked, Line
from locality.neighbourhoods.queries.meetings import Listed
from locality.neighbourhoods.queries.yields import Came, Yield
from locality.neighbourhoods.rules.caseload import OFF_WORDS, OffReason
from locality.neighbourhoods.rules.meetings import AROUND, DECIDED_WORDS, WHY_WORDS, Decision, ItemState, Why
from locality.neighbourhoods.rules.tasks import NOT_DONE_WORDS, OPEN, NotDone, TaskState
from locality.web.words import clock, counted, day, short_day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WHY_KINDS = {Why.AT_RISK: "urgent", Why.CARRIED_OVER: "caution", Why.NOMINATED: "new", Why.CANDIDATE: "info"}
STATE_WORDS = {"planned": "Planned", "live": "Open now", "closed": "Closed", "skipped": "Not held"}
HELPED_WORDS = {
    "yes": "It helped",
    "partly": "It helped in part",
    "no": "It did not help",
    "too soon to say": "Too soon to say",
}
KNOWN_ONLY = "Shown are those whom your team may know today; what was said of others is kept, and shown to nobody here."


def why(line: Line) -> str:
    """Why somebody is on the agenda."""
    return WHY_WORDS[Why(line.why)]


def why_kind(line: Line) -> str:
    """The colour of why, which its words say too."""
    return WHY_KINDS.get(Why(line.why), "quiet")


def decided(line: Line) -> str:
    """What was decided, in a sentence."""
    words = DECIDED_WORDS[Decision(line.decision)]
    if line.off_reason:
        words = f"{words}: {OFF_WORDS[OffReason(line.off_reason)].lower()}"
    if line.decision in (Decision.TAKE_ON, Decision.KEEP) and line.coordinator:
        words = f"{words}; coordinated by {line.coordinator}"
    return f"{words}; looked at again {day(line.review_on)}" if line.review_on else words


def decided_of(decision: str) -> str:
    """What was decided, in a word or two."""
    return DECIDED_WORDS[Decision(decision)] if decision else "Not yet"


def with_words(line: Line) -> str:
    """The same with its reason, where one was given."""
    return f"{decided(line)}. {line.decision_words}" if line.decision_words else f"{decided(line)}."


def task(asked: Asked | Came) -> str:
    """How something that was asked for stands."""
    if asked.state == TaskState.NOT_DONE:
        return f"Not done: {NOT_DONE_WORDS[NotDone(asked.not_done_because)].lower()}"
    if asked.state == TaskState.DONE:
        helped = HELPED_WORDS.get(asked.helped, "")
        return f"Done. {helped}" if helped else "Done"
    return "To do"


def is_late(asked: Asked | Came, on: date) -> bool:
    """Whether it should have been done by now."""
    return asked.state in OPEN and asked.due_on < on


# ---- lists


def heading(coming: Sequence[Listed], now: datetime) -> str:
    """Which meeting is next."""
    if not coming:
        return "No meeting of your teams is planned"
    first = coming[0].meeting
    if first.state == "live":
        return f"The {first.team.name} is meeting now"
    today = now.astimezone(LONDON).date()
    if first.on < today:
        return f"The {first.team.name}\u2019s meeting of {day(first.on)} was neither held nor skipped"
    when = "today" if first.on == today else day(first.on)
    return f"The {first.team.name} meets {when} at {clock(first.starts_at)}"


def agenda_heading(team: str, on: date, lines: Sequence[Line]) -> str:
    """How many are on the agenda, and how many of them fit."""
    waits = [one for one in lines if one.state == ItemState.WAITING]
    over = sum(not one.fits for one in waits)
    people = counted(len(waits), "person", "people") if waits else "nobody yet"
    words = f"{team}, {day(on)}: {people} to talk about"
    return f"{words}, {over} more than there is time for" if over else words


def time_words(lines: Sequence[Line], length: int) -> str:
    """How much of the meeting's time is given."""
    given = sum(one.minutes for one in lines if one.state == ItemState.WAITING and one.fits)
    return f"{given} of {length - AROUND} minutes given; {AROUND} are kept to begin and end on time."


def recurs(every_weeks: int) -> str:
    """`every week`, `every 2 weeks`."""
    return "every week" if every_weeks == 1 else f"every {every_weeks} weeks"


# ---- the screen


@dataclass(frozen=True, slots=True)
class Going:
    """How far a meeting is: whole minutes, told without seconds."""

    gone: int
    length: int
    of_this: int
    for_this: int

    @property
    def words(self) -> str:
        left = self.length - self.gone
        after = f"{counted(left, 'minute')} left" if left >= 0 else f"{counted(-left, 'minute')} over"
        return f"{counted(self.gone, 'minute')} gone, {after}"

    @property
    def this_words(self) -> str:
        return f"{self.of_this} of {counted(self.for_this, 'minute')} for this person"


def going(*, opened_at: datetime, turned_at: datetime | None, now: datetime, length: int, line: Line | None) -> Going:
    """How far the meeting is, and how far with whoever is on the screen."""
    spent = timedelta(seconds=line.spent_seconds) if line else timedelta()
    of_this = spent + (now - turned_at if turned_at else timedelta())
    return Going(
        gone=_minutes(now - opened_at), length=length, of_this=_minutes(of_this), for_this=line.minutes if line else 0
    )


def _minutes(span: timedelta) -> int:
    return max(int(span.total_seconds() // 60), 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands among those on the agenda, and who is before and after."""

    number: int
    of: int
    before: Line | None
    after: Line | None


def place(lines: Sequence[Line], line: Line | None) -> Place:
    """Of those who are on the agenda; whoever is left out is not counted."""
    row = [one for one in lines if one.state != ItemState.LEFT_OUT]
    at = next((number for number, one in enumerate(row) if line is not None and one.id == line.id), -1)
    before = row[at - 1] if at > 0 else None
    after = row[at + 1] if at + 1 < len(row) else None
    return Place(at + 1, len(row), before, after)


# ---- what came of it


def yield_heading(whole: Yield, months: int) -> str:
    """What the meetings of some months came to, in a sentence."""
    if not whole.asked:
        return f"Nothing that meetings asked for in {months} months is yours to see"
    helped = f", and {whole.helped['yes']} of them helped" if whole.helped["yes"] else ""
    return (
        f"Of {counted(whole.asked, 'thing')} that meetings asked for in {months} months, {whole.done} "
        f"{'is' if whole.done == 1 else 'are'} done{helped}"
    )


def because(whole: Yield) -> list[tuple[str, int]]:
    """Why things were not done, most often first."""
    return [(NOT_DONE_WORDS[NotDone(one)], count) for one, count in whole.because.most_common()]


def helped(whole: Yield) -> list[tuple[str, int]]:
    """Whether what was done helped; of some nobody has said."""
    told = [(HELPED_WORDS.get(one, one), count) for one, count in whole.helped.most_common()]
    return [*told, ("Nobody has said yet", whole.not_said)] if whole.not_said else told


def since_words(since: date) -> str:
    """From when the figures count."""
    return f"since {short_day(since)}"
