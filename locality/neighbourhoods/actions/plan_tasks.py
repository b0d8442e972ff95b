"""What an action of the plan asks of a team: a task of theirs, which comes and goes with it. Parts of `plans`."""

from locality.access.queries import Grant
from locality.base import Refused, Viewer
from locality.base.words import moment_words
from locality.directory.queries import name_of
from locality.neighbourhoods.actions import tasks
from locality.neighbourhoods.actions.tasks_by_mistake import ask_all_again, leave_all
from locality.neighbourhoods.models import PlanPart, PlanPartHistory, Task
from locality.neighbourhoods.queries.plans import teams_that_know
from locality.neighbourhoods.rules.plans import Content, Who
from locality.neighbourhoods.rules.tasks import About, TaskMove

# whoever reminds a team has done nothing of what was asked
REMINDED = "reminded"
ASKED = ("asked", tasks.WORDS_OF_MOVE[TaskMove.REOPEN])
NOT_THEIR_TEAM = "That team has no reason to know them today, so nothing can be asked of it."
ONLY_ONESELF = "Take it yourself, or give it to a team: whom of theirs they ask is theirs to say."
SEEN_TO = (
    "{who} of the team has seen to this since ({what}, {when}), so it is not taken back: nothing was changed. Ask the "
    "team; or take it out of the plan, and it stays their task."
)
TAKEN_BACK = "It was taken back out of the plan"
PUT_BACK = "It was put back into the plan"


def check_team(content: Content, *, grant: Grant, by: Viewer) -> None:
    """Raise Refused unless this team, or this one of it, may be asked for something for the person."""
    if content.team not in {team.pk for team in teams_that_know(grant)}:
        raise Refused(NOT_THEIR_TEAM)
    if content.who == Who.PRACTITIONER and (content.practitioner != by.id or content.team not in by.teams):
        raise Refused(ONLY_ONESELF)


def ask(row: PlanPart, *, by: Viewer) -> None:
    """What a team, or one of it, is to do is a task of theirs."""
    if row.team_id is None or by.organisation is None or row.by_on is None:
        raise Refused(NOT_THEIR_TEAM)
    title = row.words if len(row.words) <= tasks.LONGEST else f"{row.words[: tasks.LONGEST - 1]}\u2026"
    new = tasks.NewTask(
        title=title,
        words="" if title == row.words else row.words,
        team=row.team_id,
        owner=row.practitioner_id,
        person=row.person_id,
        due_on=row.by_on,
        sender=by.organisation,
        about=About.PLAN,
        about_id=row.pk,
    )
    row.task = tasks.ask(new=new, by=by)
    row.save(update_fields=["task"])


def take_back(row: PlanPart, *, since: PlanPartHistory, by: Viewer) -> None:
    """What this version of an action asked of a team is not to be done; Refused where they have seen to it since."""
    if row.task_id is None:
        return
    # held until the end: what the team does to it meanwhile waits, and then finds it over
    task = Task.objects.select_for_update().get(pk=row.task_id)
    lines = list(task.history.filter(at__gte=since.at).order_by("at", "pk"))
    ours = [line for line in lines if line.at == since.at and line.by == since.by and line.what in ASKED]
    if not ours:
        # what this version left as it was, its undoing leaves too
        return
    if theirs := [line for line in lines if line != ours[0] and line.what != REMINDED]:
        last = theirs[-1]
        raise Refused(SEEN_TO.format(who=name_of(last.by), what=last.what, when=moment_words(last.at)))
    leave_all(about_id=row.pk, outcome=TAKEN_BACK, by=by)


def ask_again(row: PlanPart, *, by: Viewer) -> None:
    """What was left as the action was taken back is to be done again, unless the team has seen to it since."""
    if row.task_id is not None and row.removed_at is not None:
        ask_all_again(about_id=row.pk, left_at=row.removed_at, why=PUT_BACK, by=by)
