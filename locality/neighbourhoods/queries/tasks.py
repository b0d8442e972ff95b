"""What is to be done: by whom, by when, for whom; and what came of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from locality.access.queries import Grant, visible
from locality.base import NotFound, Viewer
from locality.base.periods import LONDON, day_of
from locality.base.words import sort_key
from locality.directory.queries import SOMEBODY, called, names_of
from locality.neighbourhoods.models import Task, TaskAsk
from locality.neighbourhoods.queries.covering import covers
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.tasks import OPEN, SOON_DAYS, Bucket, Priority, bucket
from locality.people.models import Person

MOST_SHOWN = 100
ENDED_LATELY_DAYS = 28
NO_TASK = "There is no such task here."
# as they are called today: not as an alias was that was merged into them
CALLED = Coalesce("person__merged_into__sort_key", "person__sort_key")
LIKES = Coalesce("person__merged_into__likes", "person__likes")
ORDER = ("due_on", F("due_time").asc(nulls_last=True), "priority", "queued_at", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One task as a list shows it; `asks_me`: the viewer was asked to help with it, or reminded, and has not answered;
    `is_covered`: its owner is away, and the viewer covers for them.

    `person` is whoever it is about as they are called today, None where it is about nobody.
    """

    id: UUID
    person: Person | None
    title: str
    words: str
    team_id: UUID
    team: str
    owner_id: UUID | None
    owner: str
    state: str
    priority: int
    from_on: date | None
    due_on: date
    due_time: time | None
    bucket: Bucket
    needs_skill: str
    about: str
    about_id: UUID | None
    version: int
    queued_at: datetime
    made_at: datetime
    ended_at: datetime | None
    not_done_because: str
    outcome: str
    helped: str
    asks_me: bool = False
    is_covered: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which tasks a list is of: `mine` and my teams' that nobody has yet, or all of my teams'; searched within."""

    mine: bool = True
    words: str = ""
    due: Bucket | None = None
    priority: Priority | None = None
    team: UUID | None = None


MINE = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done with a task, by whom and when; `was_owner` is whose it was before."""

    what: str
    was: str
    became: str
    was_owner: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Somebody asked for help with a task, or reminded of it; `of` is empty where it was the team."""

    id: UUID
    kind: str
    of_id: UUID | None
    of: str
    words: str
    by: str
    at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One task with all that became of it, newest first, and who asked for it."""

    task: Listed
    asked_by: str
    from_team: str
    ended_by: str
    steps: list[Step]
    questions: list[Question]


def seen_tasks(viewer: Viewer) -> QuerySet[Task]:
    """The predicate: tasks of the viewer's teams, about people whom they may know today or about nobody."""
    return seen_by(viewer, Task.objects.all())


def to_do(*, viewer: Viewer, asked: Asked = MINE, most: int = MOST_SHOWN) -> list[Listed]:
    """What is open, the most overdue first, by day and time; one more than `most` where there are more. One query."""
    on = day_of(viewer.at)
    rows = seen_tasks(viewer).filter(_due(asked.due, on=on), state__in=OPEN)
    if asked.mine:
        rows = rows.filter(_waits_for(viewer) | Q(Exists(_asked_of(viewer))))
    if asked.priority is not None:
        rows = rows.filter(priority=asked.priority)
    if asked.team is not None:
        rows = rows.filter(team=asked.team)
    if asked.words:
        rows = rows.alias(called=CALLED, likes=LIKES)
    for word in asked.words.split():
        rows = rows.filter(_said(word))
    return [_listed(row, on=on) for row in _told(rows, viewer).order_by(*ORDER)[: most + 1]]


def ended_today(*, viewer: Viewer, mine: bool = True) -> list[Listed]:
    """What the viewer, or anybody of their teams, said today is done or not done, the last first. One query."""
    on = day_of(viewer.at)
    began = datetime(on.year, on.month, on.day, tzinfo=LONDON)
    rows = seen_tasks(viewer).exclude(state__in=OPEN).filter(ended_at__gte=began)
    if mine:
        rows = rows.filter(ended_by=viewer.id)
    return [_listed(row, on=on) for row in _told(rows, viewer).order_by("-ended_at", "id")[:MOST_SHOWN]]


def due_count(*, viewer: Viewer) -> int:
    """How many tasks wait for the viewer, or for nobody yet of their teams, that are due today or overdue."""
    on = day_of(viewer.at)
    return seen_tasks(viewer).filter(_waits_for(viewer), state__in=OPEN, due_on__lte=on).count()


def task(*, viewer: Viewer, task_id: UUID) -> One:
    """One task, how it came to be what it is, and who was asked; raises NotFound for another team's. Four queries."""
    row = _told(seen_tasks(viewer), viewer).select_related("from_team").filter(pk=task_id).first()
    if row is None:
        raise NotFound(NO_TASK)
    steps = list(row.history.order_by("-at", "-pk"))
    asks = list(row.asks.order_by("-at", "-pk"))
    who = [*(one.by for one in steps), *(one.was_owner for one in steps), *(one.of_id for one in asks)]
    who += [*(one.by for one in asks), *(one.answered_by for one in asks), row.made_by, row.ended_by]
    names = names_of(who)
    return One(
        task=_listed(row, on=day_of(viewer.at)),
        asked_by=names.get(row.made_by, SOMEBODY),
        from_team=row.from_team.name if row.from_team else "",
        ended_by=names.get(row.ended_by, SOMEBODY) if row.ended_by else "",
        steps=[
            Step(
                what=one.what,
                was=one.was,
                became=one.became,
                was_owner=names.get(one.was_owner, "") if one.was_owner else "",
                why=one.why,
                by=names.get(one.by, SOMEBODY),
                at=one.at,
            )
            for one in steps
        ],
        questions=[_question(one, names) for one in asks],
    )


def is_seen(*, viewer: Viewer, task_id: UUID) -> bool:
    """Whether a task opens to the viewer: one that was handed to another team does not."""
    return seen_tasks(viewer).filter(pk=task_id).exists()


def of_person(*, grant: Grant, lately_days: int = ENDED_LATELY_DAYS) -> list[Listed]:
    """What is to be done for the person whose record is open, by any team, and what was lately. One query.

    The open first, by day and time; then what ended, the last first.
    """
    lately = grant.viewer.at - timedelta(days=lately_days)
    rows = Task.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)
    rows = rows.filter(Q(state__in=OPEN) | Q(ended_at__gte=lately))
    found = [_listed(row, on=grant.on) for row in _told(rows, grant.viewer).order_by(*ORDER)]
    ended = sorted((one for one in found if one.ended_at), key=_ended_at, reverse=True)
    return [*(one for one in found if one.is_open), *ended]


def of_things(*, viewer: Viewer, ids: Collection[UUID]) -> dict[UUID, list[Listed]]:
    """The tasks of the viewer's teams that came of each of these (a meeting's item, a goal, a note). One query."""
    on = day_of(viewer.at)
    found: dict[UUID, list[Listed]] = {one: [] for one in ids}
    rows = _told(seen_tasks(viewer).filter(about_id__in=list(found)), viewer)
    for row in rows.order_by(*ORDER):
        if row.about_id is not None:
            found[row.about_id].append(_listed(row, on=on))
    return found


def open_for(*, viewer: Viewer, person_ids: Collection[UUID], team: UUID) -> int:
    """How much a team still has to do for somebody: for whoever of it takes them off its caseload."""
    return seen_tasks(viewer).filter(person__in=list(person_ids), team=team, state__in=OPEN).count()


def _waits_for(viewer: Viewer) -> Q:
    """What is the viewer's, or of somebody away whom they cover, or nobody's yet."""
    return Q(owner=viewer.id) | Q(owner=None) | Q(owner__in=covers(viewer))


def _asked_of(viewer: Viewer) -> QuerySet[TaskAsk]:
    return TaskAsk.objects.filter(task=OuterRef("pk"), of=viewer.id, answered_at=None)


def _due(due: Bucket | None, *, on: date) -> Q:
    days: dict[Bucket | None, Q] = {
        None: Q(),
        Bucket.OVERDUE: Q(due_on__lt=on),
        Bucket.TODAY: Q(due_on=on),
        Bucket.SOON: Q(due_on__gt=on, due_on__lte=on + timedelta(days=SOON_DAYS)),
        Bucket.LATER: Q(due_on__gt=on + timedelta(days=SOON_DAYS)),
    }
    return days[due]


def _said(word: str) -> Q:
    """Whether a word stands in the task, or in the name of whoever it is about, as they are called today."""
    found = Q(called__contains=sort_key(word)) if sort_key(word) else Q()
    for field in ("title", "words", "likes", "owner__family", "owner__given"):
        found |= Q((f"{field}__icontains", word))
    return found


def _told(rows: QuerySet[Task], viewer: Viewer) -> QuerySet[Task]:
    away = covers(viewer).filter(practitioner=OuterRef("owner"))
    rows = rows.annotate(asks_me=Exists(_asked_of(viewer)), is_covered=Exists(away))
    named = rows.annotate(team_name=F("team__name"), owner_name=called("owner"))
    return named.select_related("person", "person__merged_into")


def _ended_at(one: Listed) -> datetime:
    return one.ended_at or one.made_at


def _listed(row: Task, *, on: date) -> Listed:
    return Listed(
        id=row.pk,
        person=(row.person.merged_into or row.person) if row.person else None,
        title=row.title,
        words=row.words,
        team_id=row.team_id,
        team=row.team_name,  # type: ignore[attr-defined]
        owner_id=row.owner_id,
        owner=row.owner_name,  # type: ignore[attr-defined]
        state=row.state,
        priority=row.priority,
        from_on=row.from_on,
        due_on=row.due_on,
        due_time=row.due_time,
        bucket=bucket(due_on=row.due_on, on=on),
        needs_skill=row.needs_skill,
        about=row.about,
        about_id=row.about_id,
        version=row.version,
        queued_at=row.queued_at,
        made_at=row.made_at,
        ended_at=row.ended_at,
        not_done_because=row.not_done_because,
        outcome=row.outcome,
        helped=row.helped,
        asks_me=getattr(row, "asks_me", False),
        is_covered=getattr(row, "is_covered", False),
    )


def _question(one: TaskAsk, names: dict[UUID, str]) -> Question:
    return Question(
        id=one.pk,
        kind=one.kind,
        of_id=one.of_id,
        of=names.get(one.of_id, SOMEBODY) if one.of_id else "",
        words=one.words,
        by=names.get(one.by, SOMEBODY),
        at=one.at,
        answer=one.answer,
        answered_by=names.get(one.answered_by, SOMEBODY) if one.answered_by else "",
        answered_at=one.answered_at,
    )


def people_of(rows: Sequence[Listed]) -> list[UUID]:
    """Everybody named in a list, once."""
    return list(dict.fromkeys(one.person.pk for one in rows if one.person))
