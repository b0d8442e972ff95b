"""What the demo's Radcliffe team has to do and ought to know: overdue, today by time, done, asked, new and taken."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from locality.base import Viewer
from locality.base.ids import named_id
from locality.base.periods import day_of
from locality.demo.work.who import PersonOf, ViewerOf, earlier_today
from locality.directory import queries as directory
from locality.neighbourhoods.actions import asking, inbox, tasks
from locality.neighbourhoods.actions.inbox import ToTell
from locality.neighbourhoods.actions.tasks import Came, NewTask
from locality.neighbourhoods.queries import inbox as inbox_queries
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.tasks import NotDone, Priority, TaskMove

TEAM = "radcliffe"
NURSE, COORDINATOR, PHYSIO = "joanne.fielding", "sadia.rahman", "tom.brierley"


@dataclass(frozen=True, slots=True)
class Waits:
    """One task: about whom of the cast ("" nobody), by whom asked, whose ("" nobody's yet), due in so many days."""

    person: str
    title: str
    due: int
    owner: str = NURSE
    by: str = COORDINATOR
    at: time | None = None
    words: str = ""
    priority: Priority = Priority.ROUTINE
    needs: str = ""
    asked_days_ago: int = 3


WAITING = (
    Waits("peggy", "Ring the ward about her tablets", -2, priority=Priority.SOON, asked_days_ago=5),
    Waits("stan", "Weigh him, and send it to the practice", -1, asked_days_ago=9),
    Waits("peggy", "Blood pressure lying and standing", 0, at=time(9, 30), words="Twice, three minutes apart"),
    Waits("joyce", "Dress her leg", 0, at=time(11, 0), needs="Compression bandaging", owner=""),
    Waits("edith", "Insulin and foot check", 0, at=time(12, 15), priority=Priority.NOW),
    Waits("ronald", "Ask whether the rail was fitted", 0, owner="", by=PHYSIO),
    Waits("peggy", "Walk the stairs with her", 1, owner=PHYSIO, by=NURSE),
    Waits("kenneth", "Offer his wife a carer's assessment", 4, owner=COORDINATOR, by=NURSE),
    Waits("", "Order dressings for next week", 3, owner=""),
    Waits("kenneth", "Six-week review after his stroke", 16),
)
DONE = Waits("jean", "Take out the stitches", -1, at=time(10, 0))
LEFT = Waits("terry", "Flu jab at home", -3)


@transaction.atomic
def make_tasks(*, viewer: ViewerOf, person: PersonOf, now: datetime) -> bool:
    """Ask for what is to do and tell what happened; false where it was made before. `viewer(username, at=)`."""
    by = {one: viewer(one, at=earlier_today(now, hours=4)) for one in (NURSE, COORDINATOR, PHYSIO)}
    people = [one for one in by.values() if one is not None]
    if len(people) < len(by) or not _tell(person, by=people[1], now=now):
        return False
    asked = {one.title: _ask(one, viewer=viewer, person=person, now=now) for one in (*WAITING, DONE, LEFT)}
    nurse, coordinator, physio = people
    tasks.move(task=asked[DONE.title], move=TaskMove.FINISH, came=Came(outcome="All out, healed well"), by=nurse)
    no = Came(outcome="He wants to ask his daughter first", because=NotDone.DECLINED)
    tasks.move(task=asked[LEFT.title], move=TaskMove.LEAVE, came=no, by=nurse)
    asking.ask_help(
        task=asked["Walk the stairs with her"], of=nurse.id, words="Could you come along? Two of us for the first time",
        by=physio,
    )  # fmt: skip
    asking.remind(task=asked["Weigh him, and send it to the practice"], words="The practice rang", by=coordinator)
    return True


def _ask(one: Waits, *, viewer: ViewerOf, person: PersonOf, now: datetime) -> UUID:
    by = viewer(one.by, at=now - timedelta(days=one.asked_days_ago))
    owner = viewer(one.owner, at=now) if one.owner else None
    team = directory.team(TEAM)
    assert by is not None
    new = NewTask(
        title=one.title,
        words=one.words,
        team=team.pk,
        owner=owner.id if owner else None,
        person=person(one.person) if one.person else None,
        due_on=day_of(now) + timedelta(days=one.due),
        due_time=one.at,
        priority=one.priority,
        needs_skill=one.needs,
        sender=team.lead_organisation_id,
    )
    return tasks.ask(new=new, by=by).pk


def _tell(person: PersonOf, *, by: Viewer, now: datetime) -> bool:
    """What happened to the team's people; one of it is seen to by the coordinator. False where it was told before."""
    told = [
        ("harold", AlertKind.DIED, "Died at home", 12 * 24 + 2),
        ("peggy", AlertKind.DISCHARGED, "Home from Fairfield General after a fall", 20),
        ("joyce", AlertKind.EMERGENCY, "Went to the emergency department with chest pain, and home again", 9),
        ("ronald", AlertKind.FELL, "Fell in the bathroom; the ambulance did not take him in", 6),
    ]
    team = directory.team(TEAM)
    rows = [
        ToTell(
            person=person(key),
            team=team.pk,
            kind=kind,
            words=words,
            once=f"demo {named_id('demo', key, kind)}",
            happened_at=now - timedelta(hours=hours),
            sender=team.lead_organisation_id,
        )
        for key, kind, words, hours in told
    ]
    if not inbox.tell_of(told=rows, by=by):
        return False
    fell = next(one for one in inbox_queries.told(viewer=by) if one.kind == AlertKind.FELL)
    inbox.take(alert=fell.id, by=by)
    return True
