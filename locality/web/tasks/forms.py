"""What is typed and pressed on the pages of tasks, and whom a task may be given to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from locality.base import Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.actions.tasks import LONGEST, TOO_EARLY, TOO_LONG, Came, Changed, NewTask
from locality.neighbourhoods.queries import names
from locality.neighbourhoods.queries.tasks import Asked, Listed
from locality.neighbourhoods.rules.staffing import SKILL_WORDS, Skill
from locality.neighbourhoods.rules.tasks import (
    BUCKET_WORDS,
    HELPED_WORDS,
    NOT_DONE_WORDS,
    PRIORITY_WORDS,
    Bucket,
    Helped,
    NotDone,
    Priority,
    TaskMove,
)
from locality.web.forms import Form

MOST_WORDS = 2000
NO_EMPLOYER = "The role you signed in with belongs to no organisation, so nothing can be asked in its name."
PRIORITIES = tuple((str(int(one)), words) for one, words in PRIORITY_WORDS.items())
# of a form routine is what nothing chosen says
URGENT = tuple(one for one in PRIORITIES if one[0] != str(int(Priority.ROUTINE)))
REASONS = tuple((one.value, words) for one, words in NOT_DONE_WORDS.items())
SKILLS = tuple((one.value, words) for one, words in SKILL_WORDS.items())
HELPED = tuple((one.value, words) for one, words in HELPED_WORDS.items())
DUE = tuple((one.name.lower(), words) for one, words in BUCKET_WORDS.items())
_PRIORITY: dict[str, Priority] = {str(int(one)): one for one in Priority}
_MOVE = {one.value: one for one in TaskMove}


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """Whom a task goes to: one of a team, or all of it."""

    team: UUID
    owner: UUID | None
    words: str


def people_to(*, viewer: Viewer, teams: Collection[UUID], others: bool) -> dict[str, To]:
    """Whom it may be given to: oneself, a team, its members; and, with `others`, every other team of the place."""
    on = day_of(viewer.at)
    named = names.team_names(on=on)
    found: dict[str, To] = {}
    for team in sorted(teams, key=lambda one: named.get(one, "")):
        if team in viewer.teams:
            found[f"{team}.{viewer.id}"] = To(team=team, owner=viewer.id, words=_of("Me", team, teams, named))
        found[str(team)] = To(team=team, owner=None, words=f"{named.get(team, 'The team')}: whoever is free")
    for team, who, name, profession in names.colleagues(teams=teams, on=on):
        words = _of(f"{name}, {profession}", team, teams, named)
        found.setdefault(f"{team}.{who}", To(team=team, owner=who, words=words))
    for team, name in named.items() if others else ():
        found.setdefault(str(team), To(team=team, owner=None, words=f"Another team: {name}"))
    return found


def _of(words: str, team: UUID, teams: Collection[UUID], named: Mapping[UUID, str]) -> str:
    return words if len(teams) == 1 else f"{words}, in {named.get(team, 'the team')}"


def options(told: Mapping[str, To]) -> list[tuple[str, str]]:
    """The same for a list to choose from."""
    return [(value, one.words) for value, one in told.items()]


def new(form: Form, *, to: Mapping[str, To], viewer: Viewer, person: UUID | None = None) -> NewTask | None:
    """What is asked; None where something is wrong, which the form then says."""
    said, whom = _said(form), form.chosen("to", to, needed="Choose who is to do it.")
    needs = form.chosen("needs", {one.value: one for one in Skill})
    if viewer.organisation is None:
        form.errors.append(("title", NO_EMPLOYER))
    if form.errors or said is None or whom is None or viewer.organisation is None:
        return None
    return NewTask(
        title=said.title,
        words=said.words,
        team=whom.team,
        owner=whom.owner,
        due_on=said.due_on,
        from_on=said.from_on,
        due_time=said.due_time,
        priority=said.priority,
        needs_skill=needs or "",
        person=person,
        sender=viewer.organisation,
    )


def changed(form: Form) -> tuple[Changed, int] | None:
    """What it says now, and which version that was made from; None where something is wrong."""
    said, version = _said(form), form.version()
    if not version:
        form.errors.append(("title", "This form is not whole: open the task again, then change it."))
    return (said, version) if said is not None and not form.errors else None


def _said(form: Form) -> Changed | None:
    title = form.words("title", needed="Say what is to be done.")
    if len(title) > LONGEST:
        form.errors.append(("title", TOO_LONG))
    words = whole(form, "words")
    due_on = form.day("due_on", needed="Say by which day.")
    priority = form.chosen("priority", _PRIORITY) or Priority.ROUTINE
    due_time, from_on = _time(form, "due_time"), form.day("from_on")
    if from_on and due_on and from_on > due_on:
        form.errors.append(("from_on", TOO_EARLY))
    if form.errors or due_on is None:
        return None
    return Changed(title=title, words=words, priority=priority, due_on=due_on, from_on=from_on, due_time=due_time)


def said_of(task: Listed) -> dict[str, str]:
    """What a task says, as its form has it."""
    return {
        "title": task.title,
        "words": task.words,
        "due_on": task.due_on.isoformat(),
        "from_on": task.from_on.isoformat() if task.from_on else "",
        "due_time": f"{task.due_time:%H:%M}" if task.due_time else "",
        "priority": str(task.priority) if task.priority != Priority.ROUTINE else "",
        "version": str(task.version),
    }


def moved(form: Form) -> tuple[TaskMove, Came] | None:
    """What was pressed, and what came of it."""
    move = form.chosen("move", _MOVE, needed="Press what is to be done with it.")
    because = form.chosen("because", {one.value: one for one in NotDone})
    if move == TaskMove.LEAVE and because is None and not form.errors:
        form.errors.append(("because", "Choose why it was not done."))
    outcome = whole(form, "outcome")
    return None if form.errors or move is None else (move, Came(outcome=outcome, because=because))


def helped(form: Form) -> Helped | None:
    """Whether it was any use."""
    return form.chosen("helped", {one.value: one for one in Helped}, needed="Choose whether it helped.")


def whole(form: Form, name: str, *, needed: str = "") -> str:
    """All that was typed, or that it is too long: nothing is cut off what somebody meant."""
    return form.whole(name, most=MOST_WORDS, needed=needed)


def _time(form: Form, name: str) -> time | None:
    typed = form.words(name)
    try:
        return time.fromisoformat(typed.replace(".", ":")) if typed else None
    except ValueError:
        form.errors.append((name, f"\u201c{typed}\u201d is not a time: type hours and minutes, such as 14:30."))
        return None


def narrowed(typed: Mapping[str, str], *, teams: Collection[UUID]) -> Asked:
    """Which tasks were asked for; what is not understood narrows nothing."""
    due = typed.get("due", "").upper()
    team = next((one for one in teams if str(one) == typed.get("team")), None)
    return Asked(
        mine=typed.get("of") != "team",
        words=" ".join(typed.get("words", "").split())[:100],
        due=Bucket[due] if due in Bucket.__members__ else None,
        priority=_PRIORITY.get(typed.get("priority", "")),
        team=team,
    )
