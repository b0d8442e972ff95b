"""What is typed into a part of the plan."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from locality.base import NotFound, Viewer
from locality.neighbourhoods.queries.plan_shapes import Part, Towards, WholePlan
from locality.neighbourhoods.rules.plans import (
    ABOUT_ME,
    IS_A_TASK,
    STANCE_WORDS,
    STATE_WORDS,
    SUBJECT_WORDS,
    WHOSE_WORDS,
    ActionState,
    Content,
    GoalState,
    PartKind,
    Who,
    Whose,
    faults,
)
from locality.web.forms import Form
from locality.web.plan.words import WHO_WORDS

ME, TEAM = "me", "team:"
Choices = list[tuple[str, str]]
# the fields of each kind, in the order in which they are asked
FIELDS: dict[PartKind, tuple[str, ...]] = {
    PartKind.ABOUT_ME: ("words",),
    PartKind.WISH: ("heading", "words", "stance"),
    PartKind.GOAL: ("words", "whose", "then_words", "by_on", "state"),
    PartKind.ACTION: ("words", "goal", "who", "who_words", "by_on", "state"),
    PartKind.CONTINGENCY: ("words", "then_words", "call_words"),
    PartKind.COPY: ("who_words", "by_on", "then_words"),
    PartKind.REVIEW: ("by_on", "words"),
}
ASKED: dict[PartKind, dict[str, tuple[str, str]]] = {
    PartKind.ABOUT_ME: {"words": ("In their own words", "")},
    PartKind.WISH: {
        "heading": ("What is it about?", ""),
        "words": ("The wish, in their own words", "A decision that binds is kept in the record, and ranks above this"),
        "stance": ("Is it something they would like?", ""),
    },
    PartKind.GOAL: {
        "words": ("What is to be reached?", "Like: up my own stairs, and my own breakfast"),
        "whose": ("Whose words are these?", ""),
        "then_words": ("How do we know that it is reached?", "Like: twice a day, alone, for a week"),
        "by_on": ("By when?", ""),
        "state": ("How far is it?", ""),
    },
    PartKind.ACTION: {
        "words": ("What is to be done?", ""),
        "goal": ("Towards which goal?", ""),
        "who": ("Who does it?", "What a team is to do becomes a task of theirs"),
        "who_words": ("Their name, if they are family or from elsewhere", ""),
        "by_on": ("By when?", ""),
        "state": ("How far is it?", ""),
    },
    PartKind.CONTINGENCY: {
        "words": ("If this happens", "Like: I fall and cannot get up"),
        "then_words": ("Then do that", ""),
        "call_words": ("And call", "Name and telephone number"),
    },
    PartKind.COPY: {
        "who_words": ("Who was given a copy?", "Like: Ann, my daughter"),
        "by_on": ("When?", ""),
        "then_words": ("How?", "Like: on paper, in their hand"),
    },
    PartKind.REVIEW: {"by_on": ("On which day is the plan looked at again?", ""), "words": ("With whom?", "")},
}
# of a team's action the rest is said where the task is
OF_A_TASK = ("goal",)
NO_GOAL = "None of these"
GOAL_IS_OUT = "A goal that was taken out of the plan"
LONGEST_CHOICE = 80
NOT_KNOWN = "Choose one of those in the list."
LONG = {PartKind.ABOUT_ME: ("words",), PartKind.WISH: ("words",), PartKind.CONTINGENCY: ("then_words",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it was sent: of which part, at which version it was read, what it says, what is wrong with it."""

    kind: PartKind
    part: UUID | None
    version: int
    content: Content
    form: Form


def sent(form: Form, *, before: Part | None, viewer: Viewer) -> Sent:
    """Read a form of a part; faults stand in `form.errors`. Raises NotFound for a kind that nobody knows."""
    try:
        kind = before.kind if before else PartKind(form.typed.get("kind", ""))
    except ValueError as unknown:
        raise NotFound("There is no such part of a plan.") from unknown
    content = before.content if before else Content(state=_first_state(kind), heading=form.typed.get("heading", ""))
    names = [name for name in FIELDS[kind] if name not in ("by_on", "goal") and name in form.typed]
    typed: dict[str, Any] = {name: form.text(name) for name in names}
    content = replace(content, **typed, from_thing=None, from_words="", from_at=None)
    if "by_on" in FIELDS[kind] and "by_on" in form.typed:
        content = replace(content, by_on=form.day("by_on"))
    if "goal" in FIELDS[kind] and "goal" in form.typed:
        content = replace(content, goal=_goal(form))
    if "who" in FIELDS[kind] and "who" in form.typed:
        content = _who(content, viewer=viewer)
    form.errors += [one for one in faults(kind, content) if one[0] not in dict(form.errors)]
    return Sent(
        kind=kind,
        part=before.id if before else None,
        version=form.version(),
        content=content,
        form=form,
    )


def _first_state(kind: PartKind) -> str:
    return {PartKind.GOAL: str(GoalState.WORKING), PartKind.ACTION: str(ActionState.OPEN)}.get(kind, "")


def _goal(form: Form) -> UUID | None:
    chosen = form.text("goal")
    if chosen and id_in(chosen) is None:
        form.errors.append(("goal", NOT_KNOWN))
    return id_in(chosen)


def _who(content: Content, *, viewer: Viewer) -> Content:
    """Who does it: a team is chosen by its id; oneself, for the first of one's teams that is offered."""
    chosen, _, team = content.who.partition(":")
    if chosen == "team" or chosen == ME:
        who = Who.TEAM if chosen == "team" else Who.PRACTITIONER
        return replace(content, who=who, team=id_in(team), practitioner=viewer.id if chosen == ME else None)
    return content


def id_in(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


def typed_of(content: Content) -> dict[str, str]:
    """What a form of this part shows when it is opened."""
    told = {name: getattr(content, name) for name in ("words", "heading", "then_words", "call_words", "whose")}
    told |= {name: getattr(content, name) for name in ("who", "who_words", "state", "stance")}
    told["goal"] = str(content.goal or "")
    return told | {"by_on": content.by_on.isoformat() if content.by_on else ""}


def choices(kind: PartKind, name: str, *, teams: list[tuple[str, str]], is_own: bool, is_new: bool) -> Choices:
    """What a field offers; `teams` are (value, words) of those that may be given an action, for a new one."""
    if name == "heading":
        return list(SUBJECT_WORDS.items())  # type: ignore[arg-type]
    if name == "stance":
        return [("", "Not said"), *STANCE_WORDS.items()]  # type: ignore[list-item]
    if name == "whose":
        return [(Whose.PERSON, WHOSE_WORDS[Whose.PERSON])] if is_own else list(WHOSE_WORDS.items())  # type: ignore[arg-type]
    if name == "who":
        own: Choices = [(Who.PERSON, "I do it" if is_own else WHO_WORDS[Who.PERSON]), (Who.CARER, WHO_WORDS[Who.CARER])]
        others: Choices = [(Who.ORGANISATION, WHO_WORDS[Who.ORGANISATION])]
        return own if is_own else [*own, *(teams if is_new else []), *others]
    if name == "state":
        return [(one, STATE_WORDS[one]) for one in (GoalState if kind == PartKind.GOAL else ActionState)]  # type: ignore[attr-defined]
    return []


def fields_of(plan: WholePlan) -> dict[PartKind, tuple[str, ...]]:
    """Which fields are asked: none for a goal where there is no goal to choose."""
    if any(not line.is_over for line in plan.goal_lines):
        return FIELDS
    return FIELDS | {PartKind.ACTION: tuple(one for one in FIELDS[PartKind.ACTION] if one != "goal")}


def names_of(sent: Sent, plan: WholePlan) -> tuple[str, ...]:
    """Which fields the form of one part alone asks again."""
    if sent.part and sent.content.who in IS_A_TASK:
        return OF_A_TASK
    return FIELDS[sent.kind] if "goal" in dict(sent.form.errors) else fields_of(plan)[sent.kind]


def towards(sent: Sent, plan: WholePlan) -> Towards | None:
    """The goal that was chosen, where it stands in the plan."""
    for one in plan.goals:
        if one.id == sent.content.goal:
            return Towards(id=one.id, words=one.content.words, state=one.state, is_out=False)
    return None


def goal_choices(plan: WholePlan, chosen: str) -> Choices:
    """Towards which goal an action may be: those still worked towards, and the one that it is towards already."""
    told = [(str(line.part.id), _short(line.part.content.words)) for line in plan.goal_lines if not line.is_over]
    now = next((one.towards for one in plan.actions if one.towards and str(one.towards.id) == chosen), None)
    if now is not None and chosen not in dict(told):
        words = GOAL_IS_OUT if now.is_out else f"{_short(now.words)} ({STATE_WORDS[GoalState(now.state)].lower()})"
        told.append((chosen, words))
    return [("", NO_GOAL), *told]


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_CHOICE else f"{words[: LONGEST_CHOICE - 1]}\u2026"


def heading_of(kind: PartKind, content: Content) -> str:
    """What a form is headed by."""
    return ABOUT_ME.get(content.heading, "") if kind == PartKind.ABOUT_ME else ""
