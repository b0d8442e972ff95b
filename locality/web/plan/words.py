"""How the parts of a plan read: label by label, as a sentence, and in easy words around the person's own."""

from collections.abc import Mapping

from locality.neighbourhoods.queries.plan_shapes import GoalLine, Towards, WholePlan
from locality.neighbourhoods.rules.plans import (
    ABOUT_ME,
    STANCE_WORDS,
    STATE_WORDS,
    SUBJECT_WORDS,
    WHOSE_WORDS,
    ActionState,
    Content,
    GoalState,
    PartKind,
    Stance,
    Subject,
    Who,
    Whose,
)
from locality.web.words import counted, day

Lines = list[tuple[str, str]]
HEADINGS: dict[PartKind, Mapping[str, str]] = {
    PartKind.ABOUT_ME: ABOUT_ME,
    PartKind.WISH: {str(one): words for one, words in SUBJECT_WORDS.items()},
}
# what each field of a part is called where all of it is shown
LABELS: dict[PartKind, dict[str, str]] = {
    PartKind.ABOUT_ME: {"words": "Words"},
    PartKind.WISH: {"words": "Wish"},
    PartKind.GOAL: {"words": "Goal", "then_words": "How we know"},
    PartKind.ACTION: {"words": "What is done", "who_words": "By whom"},
    PartKind.CONTINGENCY: {"words": "If", "then_words": "Then", "call_words": "Call"},
    PartKind.COPY: {"who_words": "Given to", "then_words": "How"},
    PartKind.REVIEW: {"words": "With whom"},
}
DAYS = {
    PartKind.GOAL: "By",
    PartKind.ACTION: "By",
    PartKind.COPY: "On",
    PartKind.REVIEW: "Looked at again on",
}
WHO_WORDS = {
    Who.PERSON: "They do it themselves",
    Who.CARER: "Family or a carer",
    Who.ORGANISATION: "Another organisation",
    Who.TEAM: "A team",
    Who.PRACTITIONER: "A practitioner",
}


def lines(kind: PartKind, content: Content, towards: Towards | None = None) -> Lines:
    """Everything that a part says, label by label; for histories, and for two versions side by side."""
    told: Lines = []
    told += [("About", HEADINGS[kind].get(content.heading, content.heading))] if kind in HEADINGS else []
    told += [(label, getattr(content, field)) for field, label in LABELS[kind].items()]
    if towards is not None:
        told.append(("Towards", f"{towards.words} (taken out of the plan since)" if towards.is_out else towards.words))
    if kind == PartKind.ACTION:
        told.append(("Who", WHO_WORDS[Who(content.who)]))
    if content.stance:
        told.append(("Which is", STANCE_WORDS[Stance(content.stance)]))
    if content.whose:
        told.append(("Whose words", WHOSE_WORDS[Whose(content.whose)]))
    if content.by_on:
        told.append((DAYS[kind], day(content.by_on)))
    if content.state:
        told.append(("How far", STATE_WORDS[content.state]))  # type: ignore[index]
    if content.from_words:
        told.append(("As sent by", content.from_words))
    return [(label, words) for label, words in told if words]


def answer(plan: WholePlan, whose: str) -> str:
    """The one sentence that the page is headed by."""
    if not plan.exists:
        return f"{whose} plan: nothing is written in it yet"
    working = sum(one.state == "working" for one in plan.goals)
    told = [counted(working, "goal")] if plan.goals else []
    told += [f"{counted(plan.overdue, 'action')} overdue"] if plan.overdue else []
    days = [one.content.by_on for one in plan.reviews if one.content.by_on]
    told += [f"looked at again on {day(min(days))}"] if days else ["no review day"]
    return f"{whose} plan: {', '.join(told)}"


def how_far(line: GoalLine) -> str:
    """What is done for a goal, in one sentence; nothing of a goal that is over and for which nothing was written."""
    if not line.actions:
        return "" if line.is_over else "Nothing is to be done for it yet."
    states = [one.state for one in line.actions]
    told = [f"{states.count(ActionState.DONE)} of {counted(len(states), 'action')} done"]
    told += [f"{not_done} not done"] if (not_done := states.count(ActionState.NOT_DONE)) else []
    told += [f"{late} overdue"] if (late := sum(one.is_overdue for one in line.actions)) else []
    words = f"{', '.join(told)}."
    if not line.is_over or not (still := len(line.still_open)):
        return words
    is_how = "reached" if line.part.state == GoalState.REACHED else "given up"
    return f"{words} The goal is {is_how}, and {counted(still, 'action')} {'is' if still == 1 else 'are'} still to do."


def possessive(name: str) -> str:
    """`Peggy's`, `James'`."""
    return f"{name}\u2019" if name.endswith("s") else f"{name}\u2019s"


def wish_words(content: Content) -> str:
    """What a wish is about, and whether it is wanted: without either, what is refused would read as a wish."""
    about = SUBJECT_WORDS[Subject(content.heading)] if content.heading else ""
    return ". ".join(filter(None, [about, STANCE_WORDS[Stance(content.stance)] if content.stance else ""]))
