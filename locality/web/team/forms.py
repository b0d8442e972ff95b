"""What is typed about a team and its caseload."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from locality.neighbourhoods.actions.staffing import Hours
from locality.neighbourhoods.queries.caseload import Asked
from locality.neighbourhoods.rules import AGREED_WORDS, Agreed
from locality.neighbourhoods.rules.caseload import OFF_WORDS, STAGE_WORDS, OffReason, Stage
from locality.neighbourhoods.rules.staffing import SKILL_WORDS, Skill
from locality.neighbourhoods.rules.tasks import PRIORITY_WORDS, Priority
from locality.web.forms import Form
from locality.web.team.words import WEEKDAYS

AGREED = tuple(AGREED_WORDS.items())
STAGES = tuple((stage, words) for stage, words in STAGE_WORDS.items() if stage != Stage.OFF)
PRIORITIES = tuple((str(int(one)), words) for one, words in PRIORITY_WORDS.items())
OFF = tuple(OFF_WORDS.items())
SKILLS = tuple(SKILL_WORDS.items())
WHICH = (("", "Everybody"), ("mine", "Mine"), ("unallocated", "Without a coordinator"), ("due", "Review due"),
         ("risk", "At risk of breaking down"))  # fmt: skip
# the filters of the list, as they are kept between visits
KEYS = ("team", "which", "stage", "words", "home")
LONGEST = 1000


def kept(asked: Mapping[str, str], teams: Mapping[str, UUID]) -> tuple[Asked, dict[str, str]]:
    """What is asked for, and the same to be kept; what nobody knows is taken as not asked."""
    told = {key: asked.get(key, "").strip()[:100] for key in KEYS}
    told["team"] = told["team"] if told["team"] in teams else ""
    told["stage"] = told["stage"] if told["stage"] in dict(STAGES) else ""
    told["which"] = told["which"] if told["which"] in dict(WHICH) else ""
    wanted = Asked(
        team=teams.get(told["team"]),
        mine=told["which"] == "mine",
        unallocated=told["which"] == "unallocated",
        due=told["which"] == "due",
        at_risk=told["which"] == "risk",
        stage=Stage(told["stage"]) if told["stage"] else None,
        words=told["words"],
        by_home=told["home"] == "yes",
    )
    return wanted, told


def whole(form: Form, name: str, *, needed: str = "") -> str:
    """All that was typed, or that it is too long: nothing is cut off what somebody meant."""
    return form.whole(name, most=LONGEST, needed=needed)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is said where somebody is taken on."""

    why: str
    agreed: Agreed
    review_on: date
    coordinator: UUID | None
    priority: Priority
    priority_why: str


def taken(form: Form, members: Mapping[str, UUID]) -> Taken | None:
    """How somebody is taken on; None where something is wrong, which the form then says."""
    why = whole(form, "why", needed="Say why the team looks after them.")
    agreed = form.chosen("agreed", {str(one): one for one in Agreed}, needed="Say whether they agreed.")
    review_on = form.day("review_on", needed="Type the day of the first review.")
    coordinator = form.chosen("coordinator", members)
    priority = form.chosen("priority", {value: Priority(int(value)) for value, _ in PRIORITIES})
    priority_why = whole(form, "priority_why")
    if form.errors or agreed is None or review_on is None:
        return None
    return Taken(why, agreed, review_on, coordinator, priority or Priority.ROUTINE, priority_why)


Change = Callable[[Form, Mapping[str, UUID]], dict[str, Any]]


def _stage(form: Form, _: Mapping[str, UUID]) -> dict[str, Any]:
    stage = form.chosen("stage", {str(one): Stage(one) for one, _ in STAGES}, needed="Choose a stage.")
    return {"stage": stage, "why": whole(form, "stage_why")}


def _priority(form: Form, _: Mapping[str, UUID]) -> dict[str, Any]:
    known = {value: Priority(int(value)) for value, _ in PRIORITIES}
    return {
        "priority": form.chosen("priority", known, needed="Choose how soon."),
        "why": whole(form, "priority_why", needed="Say why, in a few words."),
    }


def _review(form: Form, _: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "words": whole(form, "found", needed="Say what you found, in a few words."),
        "next_on": form.day("next_on", needed="Type the day of the next review."),
    }


def _allocate(form: Form, members: Mapping[str, UUID]) -> dict[str, Any]:
    coordinator = form.chosen("coordinator", members, needed="Choose who coordinates.")
    return {"coordinator": coordinator, "why": whole(form, "allocate_why")}


def _off(form: Form, _: Mapping[str, UUID]) -> dict[str, Any]:
    reason = form.chosen("reason", {str(one): OffReason(one) for one, _ in OFF}, needed="Choose the reason.")
    return {"reason": reason, "words": whole(form, "off_words")}


CHANGES: dict[str, Change] = {
    "stage": _stage,
    "priority": _priority,
    "risk": lambda form, _: {"words": whole(form, "risk")},
    "review": _review,
    "allocate": _allocate,
    "off": _off,
}


# ---- the team


def hours(form: Form, name: str) -> Decimal | None:
    """Hours a week, as people write them: 37.5."""
    typed = form.words(name, needed="Type the hours a week.")
    try:
        read = Decimal(typed.replace(",", ".")) if typed else None
    except InvalidOperation:
        read = None
    if typed and (read is None or not read.is_finite() or not 0 < read <= 60):
        form.errors.append((name, "Type hours a week from 1 to 60, such as 37.5."))
        return None
    return round(read, 1) if read is not None else None


def week(form: Form, sites: Mapping[str, UUID]) -> list[Hours]:
    """The days of a usual week that were filled in."""
    found = []
    for number, words in enumerate(WEEKDAYS):
        begins, ends = (_clock(form, f"{part}_{number}", words) for part in ("from", "until"))
        site = form.chosen(f"site_{number}", sites)
        if begins and ends:
            found.append(Hours(weekday=number, from_time=begins, until_time=ends, site=site))
        elif begins or ends:
            form.errors.append((f"from_{number}", f"{words}: type both when it begins and when it ends."))
    return found


def _clock(form: Form, name: str, weekday: str) -> time | None:
    typed = form.words(name)
    for shape in ("%H:%M", "%H.%M", "%H"):
        try:
            return datetime.strptime(typed, shape).time()  # noqa: DTZ007 -- an hour of the clock, not a moment
        except ValueError:
            continue
    if typed:
        form.errors.append((name, f"{weekday}: type an hour such as 9:00."))
    return None


@dataclass(frozen=True, slots=True)
class AwayTyped:
    practitioner: UUID
    starts_on: date
    ends_on: date
    cover: UUID | None


def away(form: Form, members: Mapping[str, UUID]) -> AwayTyped | None:
    """Who is away from when until when, the last day typed as people say it."""
    who = form.chosen("who", members, needed="Choose who is away.")
    first = form.day("first", needed="Type the first day.")
    after = form.first_day_after("last", needed="Type the last day.")
    cover = form.chosen("cover", members)
    if form.errors or not (who and first and after):
        return None
    return AwayTyped(who, first, after, cover)


def skill(form: Form, members: Mapping[str, UUID]) -> dict[str, Any]:
    """Who was trained to do what, when, and until when it holds."""
    return {
        "practitioner": form.chosen("member", members, needed="Choose who."),
        "skill": form.chosen("skill", {str(one): Skill(one) for one, _ in SKILLS}, needed="Choose what."),
        "gained_on": form.day("gained_on", needed="Type the day of the training."),
        "expires_on": form.day("expires_on"),
    }


def in_weeks(on: date, weeks: int) -> str:
    """A day so many weeks on, as a field of a day takes it."""
    return (on + timedelta(weeks=weeks)).isoformat()
