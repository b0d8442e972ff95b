"""Writing in the one plan, part by part; nobody's newer words are overwritten unseen."""

from dataclasses import asdict, replace
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from locality.access.queries import Grant, visible
from locality.access.queries.knowing import KEPT
from locality.base import NotFound, Overtaken, Refused, Viewer, ViewerKind
from locality.journal.actions import log
from locality.neighbourhoods.actions import inbox, plan_tasks
from locality.neighbourhoods.actions.locks import locked
from locality.neighbourhoods.models import Allocation, Caseload, Plan, PlanPart, PlanPartHistory
from locality.neighbourhoods.queries.plans import NOT_THERE, content_now, sent_under
from locality.neighbourhoods.rules import plans as rules
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.plans import IS_A_TASK, ONE_EACH, Content, PartKind
from locality.people.models import Person
from locality.record.queries import summary

READ_ONLY = "You may read this plan and not write in it."
OF_A_TASK = "This is a task of the team that does it: what becomes of it is said there, and shown here."
TAKEN_OUT = "Somebody has taken this out of the plan meanwhile. The history shows who, and can put it back."
BROUGHT_IN = ("written", "put back")
WAS_FIRST = "Somebody changed this while you wrote. Nothing is lost: read both, and choose."


@transaction.atomic
def write(
    *, kind: PartKind, content: Content, grant: Grant, by: Viewer, part: UUID | None = None, version: int = 0
) -> PlanPart:
    """Write a part of the plan, a new one or (`part`, at the `version` that was read) another version of one.

    Raises Overtaken where somebody saved newer words, Refused where it says too little or is towards no goal of theirs,
    NotFound where it is hidden.
    """
    _may_write(grant, by)
    if found := rules.faults(kind, content):
        raise Refused(found[0][1])
    if not rules.may_write(by.kind, kind, content):
        raise rules.NotTheirs
    if part is not None:
        row = _locked(grant, part)
        content = _towards(content, was=row.goal_id, grant=grant)
        return _again(row, content, version=version, what="changed", by=by)
    content = _towards(content, was=None, grant=grant)
    plan = _plan(grant, by)
    if kind in ONE_EACH:
        same = PlanPart.objects.filter(plan=plan, kind=kind, heading=content.heading, removed_at=None).first()
        if same is not None:
            return _again(same, content, version=version, what="changed", by=by)
    if content.who in IS_A_TASK:
        plan_tasks.check_team(content, grant=grant, by=by)
    row = PlanPart(plan=plan, person_id=plan.person_id, kind=kind, data_class=plan.data_class, made_at=by.at)
    row.version = 0
    _keep(row, content, what="written", by=by)
    if content.who in IS_A_TASK:
        plan_tasks.ask(row, by=by)
    return row


@transaction.atomic
def take_over(*, heading: str, thing: UUID, grant: Grant, by: Viewer, version: int = 0) -> PlanPart:
    """Confirm under a heading of About Me what a source sent, with its sender and date. Raises NotFound, Overtaken."""
    sent = sent_under(summary(grant=grant, at=by.at)).get(heading)
    if sent is None or sent.id != thing:
        raise NotFound("Nothing like that was sent, or it is not shown to you.")
    content = Content(
        words=sent.words[: rules.MOST_LETTERS],
        heading=heading,
        from_thing=sent.id,
        from_words=", ".join(one for one in (sent.author, sent.sender.name) if one),
        from_at=sent.sender.at,
    )
    return write(kind=PartKind.ABOUT_ME, content=content, grant=grant, by=by, version=version)


@transaction.atomic
def remove(*, part: UUID, version: int, grant: Grant, by: Viewer) -> PlanPart:
    """Take a part out of the plan; the history keeps it, and undoing puts it back. Raises as `write` does."""
    _may_write(grant, by)
    row = _locked(grant, part)
    _check(row, version=version, by=by)
    row.removed_at = by.at
    return _keep(row, content_now(row), what="taken out", by=by)


@transaction.atomic
def undo(*, part: UUID, version: int, grant: Grant, by: Viewer) -> PlanPart:
    """Give a part back what it said before its last change, as a version of its own. Raises as `write` does.

    What that change asked of a team goes with it; raises Refused where somebody of the team has seen to it since.
    """
    _may_write(grant, by)
    row = _locked(grant, part)
    if row.removed_at is not None and row.version == version:
        return _put_back(row, by=by)
    _check(row, version=version, by=by)
    versions = {one.version: one for one in row.history.filter(version__gte=version - 1)}
    if (last := versions[version]).what in BROUGHT_IN:
        plan_tasks.take_back(row, since=last, by=by)
        row.removed_at = by.at
        return _keep(row, content_now(row), what="taken out", by=by)
    return _keep(row, rules.content_of(versions[version - 1].content), what="undone", by=by)


def _put_back(row: PlanPart, *, by: Viewer) -> PlanPart:
    same = PlanPart.objects.filter(plan=row.plan_id, kind=row.kind, heading=row.heading, removed_at=None)
    if row.kind in ONE_EACH and (newer := same.first()) is not None:
        raise Overtaken(WAS_FIRST, about=newer.pk)
    if not rules.may_write(by.kind, PartKind(row.kind), content_now(row)):
        raise rules.NotTheirs
    plan_tasks.ask_again(row, by=by)
    row.removed_at = None
    return _keep(row, content_now(row), what="put back", by=by)


def _may_write(grant: Grant, by: Viewer) -> None:
    if (by.kind, by.id, by.role) != (grant.viewer.kind, grant.viewer.id, grant.viewer.role):
        raise NotFound(NOT_THERE)
    if not grant.opening.writes_plan:
        raise Refused(READ_ONLY)


def _plan(grant: Grant, by: Viewer) -> Plan:
    """The plan that stands, or a new one."""
    # two write the first words of a plan at once: before the first there is no row to lock
    Person.objects.select_for_update(no_key=True).get(pk=grant.person.pk)
    standing = Plan.objects.filter(person__in=grant.person_ids)
    plans = sorted(standing, key=lambda one: one.person_id != grant.person.pk)
    if plans:
        return plans[0]
    plan = Plan.objects.create(person=grant.person, made_at=by.at, made_by=by.id, made_by_kind=by.kind)
    log(what="plan.begun", by=by, person=grant.person.pk, about=plan.pk)
    return plan


def _locked(grant: Grant, part: UUID) -> PlanPart:
    return locked(_shown(grant).filter(pk=part), none=NOT_THERE)


def _shown(grant: Grant) -> QuerySet[PlanPart]:
    return PlanPart.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)


def _towards(content: Content, *, was: UUID | None, grant: Grant) -> Content:
    """What is written, towards the goal that it says; raises NotAGoal for one that is hidden, taken out or no goal.

    Whoever is not shown the goal that an action had cannot have meant to take it away: it stays.
    """
    if content.goal == was:
        return content
    goals = _shown(grant).filter(kind=PartKind.GOAL)
    if content.goal is not None and not goals.filter(pk=content.goal, removed_at=None).exists():
        raise rules.NotAGoal
    is_hidden = was is not None and not goals.filter(pk=was).exists()
    return replace(content, goal=was) if content.goal is None and is_hidden else content


def _check(row: PlanPart, *, version: int, by: Viewer) -> None:
    if row.removed_at is not None:
        raise Overtaken(TAKEN_OUT, about=row.pk)
    if row.version != version:
        raise Overtaken(WAS_FIRST, about=row.pk)
    if not rules.may_write(by.kind, PartKind(row.kind), content_now(row)):
        raise rules.NotTheirs


def _again(row: PlanPart, content: Content, *, version: int, what: str, by: Viewer) -> PlanPart:
    """Another version of a part, unless it says the same already."""
    if row.removed_at is None and asdict(content_now(row)) == asdict(content):
        return row
    _check(row, version=version, by=by)
    is_task = row.task is not None or content.who in IS_A_TASK
    # towards which goal the team does it, the plan says and not the team
    if is_task and replace(content, goal=row.goal_id) != content_now(row):
        raise Refused(OF_A_TASK)
    if (heading := content.heading) != row.heading and row.kind in ONE_EACH:
        raise Refused(f"This stands under another heading than {heading or 'none'}.")
    return _keep(row, content, what=what, by=by)


def _keep(row: PlanPart, content: Content, *, what: str, by: Viewer) -> PlanPart:
    for field, told in asdict(content).items():
        setattr(row, f"{field}_id" if field in ("team", "practitioner", "goal") else field, told)
    row.version += 1
    row.sender_id = by.organisation
    row.changed_at, row.changed_by, row.changed_by_kind = by.at, by.id, by.kind
    row.save()
    PlanPartHistory.objects.create(
        part=row,
        person_id=row.person_id,
        version=row.version,
        what=what,
        content=content.kept(),
        at=by.at,
        by=by.id,
        by_kind=by.kind,
    )
    detail = {"part": row.kind, "version": row.version, "how": what}
    log(what="plan.written", by=by, person=row.person_id, about=row.pk, detail=detail)
    _tell(row, by=by)
    return row


def _tell(row: PlanPart, *, by: Viewer) -> None:
    """Tell who coordinates that the person, or whoever acts for them, wrote in the plan."""
    if by.kind == ViewerKind.PRACTITIONER:
        return
    who = "They" if by.kind == ViewerKind.PERSON else "Whoever acts for them"
    kept = row.person.merged_into_id or row.person_id
    # taken on under an earlier identity they are looked after all the same
    on = Caseload.objects.filter(off_at=None).alias(now=KEPT).filter(now=kept)
    owners = dict(Allocation.objects.filter(caseload__in=on, ends_at=None).values_list("caseload", "coordinator"))
    told = [
        inbox.ToTell(
            person=row.person_id,
            team=one.team_id,
            owner=owners.get(one.pk),
            kind=AlertKind.PLAN_CHANGED,
            words=f"{who} wrote in the plan: {rules.KIND_WORDS[PartKind(row.kind)].lower()}",
            once=f"plan:{row.pk}:{row.version}",
            happened_at=by.at,
            sender=one.sender_id,
            about_id=row.pk,
        )
        for one in on
    ]
    if told:
        inbox.tell_of(told=told, by=by)


@transaction.atomic
def say_how_it_went(*, part: UUID, state: str, version: int, grant: Grant, by: Viewer) -> PlanPart:
    """Say of a goal or an action how far it is. Raises as `write` does."""
    row = _locked(grant, part)
    content = replace(content_now(row), state=state)
    return write(kind=PartKind(row.kind), content=content, grant=grant, by=by, part=part, version=version)
