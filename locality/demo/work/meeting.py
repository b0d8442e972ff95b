"""The demo's meetings: how each neighbourhood team meets, last week's with its minutes, today's with an agenda."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from locality.access import queries as access
from locality.access.actions import open_record
from locality.access.rules import DataClass
from locality.base import Refused, Viewer, system
from locality.base.periods import LONDON, day_of
from locality.demo.work.who import ViewerOf
from locality.directory import queries as directory
from locality.directory.rules import NEIGHBOURHOOD_TEAM
from locality.neighbourhoods.actions import Put, agenda, asking, caseload, deciding, meetings, put_forward, tasks
from locality.neighbourhoods.actions.caseload import TakenOn
from locality.neighbourhoods.actions.deciding import Decided, Disagreed, ToDo
from locality.neighbourhoods.queries import agenda as on_agenda
from locality.neighbourhoods.queries import meetings as queries
from locality.neighbourhoods.queries.agenda import Line
from locality.neighbourhoods.rules import Agreed
from locality.neighbourhoods.rules.caseload import CameFrom
from locality.neighbourhoods.rules.meetings import Came, Decision
from locality.neighbourhoods.rules.tasks import Helped, NotDone, TaskMove

WEEK = timedelta(days=7)
WHERE = "Upstairs meeting room, and on screen"
GROWN_BEFORE = date(1965, 1, 1)
MOST = 400
# whoever of the cast opens a team's meeting; a team of which nobody is in the cast only has its days
RUN_BY = {"radcliffe": "sadia.rahman", "prestwich": "ruth.adler", "whitefield": "gwen.lacey"}
# why each was taken on, and whether their review was due last week or is due now
LOOKED_AFTER = (
    ("Three falls since the summer; the daughter who does the shopping is tired", -7),
    ("Eats little since the move in spring", -7),
    ("Heart failure, twice in hospital this year", -7),
    ("Alone on the third floor, and the lift is often broken", -7),
    ("Wound on the leg that does not heal", -7),
    ("Sees badly, and mixes up the medicines", 0),
    ("Cares for somebody who forgets, and has chest pains that nobody is told of", -1),
)
PUT = (
    ("Called an ambulance four times in a month, never taken in", -9),
    ("Has not opened the door to the district nurse twice", -3),
    ("Discharged with a new frame and no rail at the front steps", -2),
    ("Lost somebody in the autumn, and six kilos since", -1),
)
# whoever knows people of every team: those put forward who are not the team's yet are some of theirs
KNOWS_ALL = "gwen.lacey"
TALKED_ABOUT = 5


def make_meetings(*, now: datetime, viewer: ViewerOf) -> bool:
    """Say how the teams meet and hold last week's meetings; false where it was made before. `viewer(username, at=)`."""
    on = day_of(now)
    first = viewer(RUN_BY["radcliffe"], at=now)
    if first is None or queries.series_of(viewer=first):
        return False
    teams = [one for one in directory.teams(on) if one.kind == NEIGHBOURHOOD_TEAM]
    teams.sort(key=lambda one: (one.code != "radcliffe", one.code))
    for days, team in enumerate(teams):
        # from today on, one team a day: so somebody's meeting can be opened on whichever day the demo is made
        begins = on + timedelta(days=days) - 2 * WEEK
        # said as it was, on its first day: of what is over none is planned
        at = datetime.combine(begins, time(8), LONDON)
        by = viewer(RUN_BY.get(team.code, ""), at=at) or system(at=at, role="demo")
        meetings.begin_series(
            new=meetings.NewSeries(
                team=team.pk, weekday=begins.weekday(), at=time(10), minutes=60, starts_on=begins, where_words=WHERE
            ),
            by=by,
        )
        if team.code in RUN_BY:
            _hold(_Held(team.pk, RUN_BY[team.code], begins + WEEK, viewer), now=now)
    return True


@dataclass(frozen=True, slots=True)
class _Held:
    """Last week's meeting of one team, and whoever ran it."""

    team: UUID
    username: str
    on: date
    viewer: ViewerOf

    def by(self, *, days: int = 0, minutes: int = 0, username: str = "") -> Viewer:
        """Somebody as they were so many days from that meeting, so many minutes after its beginning."""
        at = datetime.combine(self.on, time(10), LONDON) + timedelta(days=days, minutes=minutes)
        found = self.viewer(username or self.username, at=at)
        assert found is not None, f"{username or self.username} is not in the cast"
        return found


def _hold(held: _Held, *, now: datetime) -> None:
    coming = {one.meeting.on: one.meeting for one in queries.to_come(viewer=held.by(), most=MOST)}
    skipped, last, today = (coming[held.on + shift] for shift in (-WEEK, timedelta(), WEEK))
    meetings.skip(meeting_id=skipped.pk, why="Half the team was at the training day.", by=held.by(days=-9))
    known = _people(held, now=now)[: len(LOOKED_AFTER)]
    others = _others(held, known, now=now) if held.username == RUN_BY["radcliffe"] else []
    _look_after(held, known)
    _bring(held, last.pk, known[:TALKED_ABOUT], now=now)
    for person, (why, days) in zip(others, PUT, strict=False):
        if days < -7:
            _put(held, person, why, days=days + 7)
    meetings.open_meeting(meeting_id=last.pk, by=held.by())
    _who_came(held, last.pk)
    _decide(held, last.pk)
    meetings.close_meeting(meeting_id=last.pk, by=held.by(minutes=58))
    for person, (why, days) in zip(others, PUT, strict=False):
        if days >= -7:
            _put(held, person, why, days=days + 7)
    agenda.draw_up(meeting_id=today.pk, by=held.by(days=7, minutes=-90))
    _finish(held, last.pk, now=now)


def _people(held: _Held, *, now: datetime) -> list[UUID]:
    """Grown people whom the team looks after today: those of the cast first."""
    viewer = held.viewer(held.username, at=now)
    assert viewer is not None
    return _grown(replace(viewer, teams=frozenset({held.team})))


def _others(held: _Held, known: Sequence[UUID], *, now: datetime) -> list[UUID]:
    """As many as are put forward: first whom the team knows and does not look after, then others of the place."""
    viewer = held.viewer(KNOWS_ALL, at=now)
    assert viewer is not None
    found = dict.fromkeys([*_people(held, now=now), *_grown(viewer)])
    return [one for one in found if one not in known][: len(PUT)]


def _grown(viewer: Viewer) -> list[UUID]:
    rows = access.visible_people(viewer=viewer, on=day_of(viewer.at), own=True).order_by("made_at", "pk")[:MOST]
    grown = [one for one in rows if not one.died and (one.birth_on or date.max) < GROWN_BEFORE and not one.protected]
    # whoever has a name that they like was met: the cast
    return [one.pk for one in sorted(grown, key=lambda one: not one.likes)]


def _look_after(held: _Held, people: Sequence[UUID]) -> None:
    for person, (why, review) in zip(people, LOOKED_AFTER, strict=False):
        by = held.by(days=-35)
        assert by.organisation is not None
        new = TakenOn(
            person=person,
            team=held.team,
            why=why,
            agreed=Agreed.AGREED,
            review_on=held.on + timedelta(days=review + 7),
            sender=by.organisation,
            came_from=CameFrom.REFERRAL,
            coordinator=by.id,
        )
        with suppress(Refused):  # the team looks after them already
            caseload.take_on(new=new, by=by)


def _bring(held: _Held, meeting: UUID, people: Sequence[UUID], *, now: datetime) -> None:
    """Whoever does not wait for last week's meeting by themselves was brought to it."""
    viewer = held.viewer(held.username, at=now)
    assert viewer is not None
    agenda.draw_up(meeting_id=meeting, by=held.by(days=-1))
    for person in people:
        grant = open_record(person_id=person, by=viewer)
        with suppress(Refused):  # they are on the agenda
            agenda.bring(grant=grant, meeting_id=meeting, why="Asked for at the last visit", by=held.by(days=-1))


def _put(held: _Held, person: UUID, why: str, *, days: int) -> None:
    by = held.by(days=days)
    assert by.organisation is not None
    put = Put(
        person=person,
        team=held.team,
        why=why,
        agreed=Agreed.NOT_ASKED,
        data_class=DataClass.WORK,
        sender=by.organisation,
    )
    put_forward(put=put, by=by)


def _who_came(held: _Held, meeting: UUID) -> None:
    found = queries.meeting(viewer=held.by(), meeting_id=meeting)
    there = queries.attendance(meeting=found)
    away = {"Tom Brierley"} if len(there) > 2 else set()
    came = {one.key: Came.APOLOGIES if one.name in away else Came.CAME for one in there}
    meetings.say_who_came(meeting_id=meeting, came=came, by=held.by(minutes=2))
    meetings.add_guest(meeting_id=meeting, name="Nadia Iqbal", of="Carers\u2019 Hub", by=held.by(minutes=2))


SAID = (
    "The daughter rang: she cannot go on alone. The bed rail came, the stair rail did not.",
    "Walks to the end of the street again, and has put on a kilo. The dietitian should look in once more.",
    "Two good weeks: on the scales every morning, and a call to us when it goes up.",
)


def _decide(held: _Held, meeting: UUID) -> None:
    """Of each who is not yet decided, one thing or another; the last of them is not reached, and waits."""
    told = on_agenda.lines(viewer=held.by(minutes=3), meeting=queries.meeting(viewer=held.by(), meeting_id=meeting))
    kept = 0
    for number, line in enumerate(told[:-1] if len(told) > 2 else told):
        at = 4 + 9 * number
        deciding.turn_to(item_id=line.id, by=held.by(minutes=at))
        decided = _back(line) if number == 3 else _kept(held, line, kept) if line.on_caseload else _taken_on(held, line)
        kept += line.on_caseload
        deciding.decide(item_id=line.id, decided=decided, by=held.by(minutes=at + 7))


# what came of the first things that were asked for: done and whether it helped, or why not
CAME_OF = (
    (tasks.Came(outcome="Seen at home; glad of the visit"), Helped.YES),
    (tasks.Came(outcome="They come on Thursday to measure"), Helped.PARTLY),
    (tasks.Came(because=NotDone.NOT_IN), None),
    (tasks.Came(outcome="Two new drinks to try"), Helped.TOO_SOON),
)


def _finish(held: _Held, meeting: UUID, *, now: datetime) -> None:
    """Some of what was asked for is done, and one thing is not; the rest is still to do."""
    by = held.viewer(held.username, at=now - timedelta(minutes=20))
    assert by is not None
    told = on_agenda.lines(viewer=by, meeting=queries.meeting(viewer=by, meeting_id=meeting))
    asked = [one for line in told for one in line.asked]
    for one, (came, helped) in zip(asked, CAME_OF, strict=False):
        tasks.move(task=one.id, move=TaskMove.FINISH if helped else TaskMove.LEAVE, came=came, by=by)
        if helped:
            asking.say_helped(task=one.id, helped=helped, by=by)


def _back(line: Line) -> Decided:
    return Decided(decision=Decision.COME_BACK, version=line.version, words="When the housing officer has answered")


def _taken_on(held: _Held, line: Line) -> Decided:
    return Decided(
        decision=Decision.TAKE_ON,
        version=line.version,
        words="Somebody must find out what the fear at night is, before the fifth ambulance",
        review_on=held.on + 4 * WEEK,
        coordinator=held.by().id,
        said="The crew says lonely and afraid, and not ill. Nobody of the family lives near.",
        asked=[ToDo(title="Visit, and ask whether our help is wanted", due_on=held.on + timedelta(days=5))],
    )


def _kept(held: _Held, line: Line, number: int) -> Decided:
    due = held.on + timedelta(days=5)
    asked = (
        [
            ToDo(title="Ring the council about the stair rail", due_on=due, owner=held.by().id),
            ToDo(title="Offer the daughter a carer\u2019s assessment", due_on=due),
        ],
        [ToDo(title="Ask the dietitian to look in again", due_on=due)],
        [ToDo(title="Bring the new scales", due_on=due)],
    )[number % 3]
    doubts = [Disagreed(who="Nadia Iqbal", words="Waiting four weeks is too long for the daughter")]
    return Decided(
        decision=Decision.KEEP,
        version=line.version,
        words="They still need us",
        review_on=held.on + WEEK * (4 if number else 2),
        said=SAID[number % len(SAID)],
        dissent=doubts if number == 0 else (),
        asked=asked,
    )
