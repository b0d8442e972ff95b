"""What is typed on the pages of a meeting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from locality.neighbourhoods.actions.deciding import SAY_WHO_DISAGREES, Decided, Disagreed, ToDo
from locality.neighbourhoods.actions.meetings import NewSeries
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.caseload import OffReason
from locality.neighbourhoods.rules.meetings import DECISION_WORDS, SAY_WHEN, SAY_WHY, SAY_WHY_OFF, Came, Decision
from locality.web.forms import Form
from locality.web.meeting.words import WEEKDAYS

IN_WEEKS = (("1", "In a week"), ("2", "In 2 weeks"), ("4", "In 4 weeks"), ("8", "In 8 weeks"), ("12", "In 12 weeks"))
ROWS = 4
LONGEST = 4000
NOT_SAVED = (
    "You chose or typed something that is not saved yet. Save it, or clear it, and then go on: nothing was changed."
)
DECIDE_FIRST = "Choose what was decided; or press \u201cOnly write down what was said\u201d."
SAY_BY_WHEN = "Say by when it is to be done."
# whoever refuses what was sent may name the field that lacks
FIELDS = {SAY_WHY: "words", SAY_WHEN: "weeks", SAY_WHY_OFF: "off_reason", SAY_WHO_DISAGREES: "dissent_who_1"}
DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of the screen as it was sent."""

    said: str
    dissent: tuple[Disagreed, ...]
    asked: tuple[ToDo, ...]


def typed(form: Form, *, on: date) -> Typed:
    """What was said, who disagreed, what is to be done."""
    return Typed(said=_whole(form, "said"), dissent=_dissent(form), asked=_asked(form, on=on))


def has_more_than_said(form: Form) -> bool:
    """Whether anything was chosen or typed besides what was said; some fields are filled in from the start."""
    names = ["decision", "words", "off_reason", "day", "coordinator", *_numbered("dissent_who")]
    names += [*_numbered("dissent_words"), *_numbered("task"), *(f"owner_{n}" for n in range(1, ROWS + 1))]
    return any(form.typed.get(name, "").strip() for name in names)


def chosen_words(form: Form) -> str:
    """What was chosen and typed besides what was said, for whoever was overtaken: it is shown, and not saved."""
    chosen = {str(one): words for one, words in DECISION_WORDS.items()}.get(form.typed.get("decision", ""), "")
    names = ["words", "day", *_numbered("task"), *_numbered("dissent_who"), *_numbered("dissent_words")]
    return ". ".join(filter(None, [chosen, *(form.typed.get(name, "").strip() for name in names)]))


def decided(form: Form, *, version: int, on: date) -> Decided | None:
    """What was decided; None where something is wrong, which the form then says."""
    told = typed(form, on=on)
    chosen = form.chosen("decision", {str(one): one for one in Decision}, needed=DECIDE_FIRST)
    coordinator = _practitioner(form, "coordinator")
    off_reason = form.chosen("off_reason", {str(one): one for one in OffReason})
    agreed = form.chosen("agreed", {str(one): one for one in Agreed})
    if form.errors or chosen is None:
        return None
    has_review = chosen in (Decision.TAKE_ON, Decision.KEEP)
    review_on = _review_on(form, on=on) if has_review else None
    if form.errors:
        return None
    return Decided(
        decision=chosen,
        version=version,
        words=_whole(form, "words"),
        review_on=review_on,
        coordinator=coordinator if has_review else None,
        off_reason=off_reason if chosen == Decision.COME_OFF else None,
        agreed=agreed if chosen == Decision.TAKE_ON else None,
        said=told.said,
        dissent=told.dissent,
        asked=told.asked,
    )


def field_of(refused: str) -> str:
    """At which field what was refused is told."""
    return FIELDS.get(refused, DECISION)


def _review_on(form: Form, *, on: date) -> date | None:
    exact = form.day("day")
    if exact is not None:
        return exact
    weeks = form.chosen("weeks", {weeks: int(weeks) for weeks, _ in IN_WEEKS})
    return on + timedelta(weeks=weeks) if weeks else None


def _dissent(form: Form) -> tuple[Disagreed, ...]:
    rows = [
        Disagreed(who=form.words(who), words=form.words(words))
        for who, words in zip(_numbered("dissent_who"), _numbered("dissent_words"), strict=True)
    ]
    found = [one for one in rows if one.who or one.words]
    if not all(one.who and one.words for one in found):
        form.errors.append(("dissent_who_1", SAY_WHO_DISAGREES))
    return tuple(found)


def _asked(form: Form, *, on: date) -> tuple[ToDo, ...]:
    found = []
    for number in range(1, ROWS + 1):
        title = form.words(f"task_{number}")
        if not title:
            continue
        due_on = form.day(f"due_{number}", needed=SAY_BY_WHEN)
        if due_on is not None and due_on < on:
            form.errors.append((f"due_{number}", "That day is over: choose today or a day to come."))
        elif due_on is not None:
            found.append(ToDo(title=title, due_on=due_on, owner=_practitioner(form, f"owner_{number}")))
    return tuple(found)


def _numbered(name: str) -> list[str]:
    most = ROWS if name == "task" else 2
    return [f"{name}_{number}" for number in range(1, most + 1)]


def _practitioner(form: Form, name: str) -> UUID | None:
    words = form.words(name)
    try:
        return UUID(words) if words else None
    except ValueError:
        form.errors.append((name, "Choose one of those in the list."))
        return None


def _whole(form: Form, name: str) -> str:
    words = form.typed.get(name, "").strip()
    if len(words) > LONGEST:
        form.errors.append((name, f"That is longer than {LONGEST:,} letters: type it shorter."))
    return words


def came(sent: Mapping[str, str]) -> dict[str, Came]:
    """Of each who was named in the form, whether they came."""
    states = {str(one): one for one in Came}
    rows = {name.removeprefix("came-"): states.get(value) for name, value in sent.items() if name.startswith("came-")}
    # an older page says of nobody else what it only held up
    return {key: state for key, state in rows.items() if state is not None and sent.get(f"was-{key}") != state}


def minutes(form: Form) -> int:
    """How many minutes were typed; 0 where it is no number."""
    words = form.typed.get("minutes", "").strip()
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 4 else 0


def series(form: Form, *, teams: Mapping[str, UUID], on: date) -> NewSeries | None:
    """How a team will meet; None where something is wrong, which the form then says."""
    team = form.chosen("team", teams, needed="Choose the team.")
    weekday = form.chosen("weekday", {str(n): n for n in range(len(WEEKDAYS))}, needed="Choose the day of the week.")
    at = _time(form, "at")
    length, every = _number(form, "minutes", 10, 480), _number(form, "every_weeks", 1, 52)
    starts_on = form.day("starts_on") or on
    ends_on = form.first_day_after("last_day")
    if form.errors or team is None or weekday is None or at is None or length is None or every is None:
        return None
    return NewSeries(
        team=team,
        weekday=weekday,
        at=at,
        minutes=length,
        every_weeks=every,
        starts_on=starts_on,
        ends_on=ends_on,
        where_words=form.words("where"),
    )


def _time(form: Form, name: str) -> time | None:
    words = form.words(name, needed="Say at what time it begins, such as 10:00.")
    try:
        return time.fromisoformat(words) if words else None
    except ValueError:
        form.errors.append((name, f"\u201c{words}\u201d is not a time: type it as 10:00."))
        return None


def _number(form: Form, name: str, least: int, most: int) -> int | None:
    words = form.words(name)
    if words.isascii() and words.isdecimal() and len(words) < 4 and least <= int(words) <= most:
        return int(words)
    form.errors.append((name, f"Type a number from {least} to {most}."))
    return None
