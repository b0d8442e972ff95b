"""Whom Lorraine supports in Radcliffe, and a class in Prestwich: made once, by the same actions as the pages.

The place's documents hold Prestwich to be where many older people live, and the census does not: the page of the class
leads to the figures.
"""

from contextlib import suppress
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.demo.work.who import PersonOf, ViewerOf
from locality.directory import queries as directory
from locality.neighbourhoods.actions import course_sessions, courses, offers, support
from locality.neighbourhoods.actions.courses import NewCourse
from locality.neighbourhoods.actions.offers import NewOffer
from locality.neighbourhoods.actions.support import NewContact, NewSupport
from locality.neighbourhoods.queries import caseload
from locality.neighbourhoods.queries import courses as course_queries
from locality.neighbourhoods.queries import support as support_queries
from locality.neighbourhoods.rules.courses import Came, Measure, PlaceMove, PlaceState, When
from locality.neighbourhoods.rules.support import NeedState, OfferMove, Outcome, Reached, Way
from locality.neighbourhoods.rules.wellbeing import Question

LINK_WORKER, NURSE = "lorraine.pike", "ruth.adler"
# whom, why, with which needs, and how many days from now she is in touch next
SUPPORTED = (
    ("peggy", "Sees nobody from Sunday to Sunday since she came home", ("loneliness", "getting-about"), 2),
    ("ronald", "Puts the fire on for an hour of an evening, and no longer", ("warmth", "money-and-debt"), 0),
    ("kenneth", "His wife does everything, and is worn out", ("carers",), 9),
)
ENDED = ("jean", "Wanted to be of use again after she retired", "learning")
PLACES, LEAST_AGE = 5, 65


def make_support(*, now: datetime, viewer: ViewerOf, person: PersonOf) -> None:
    """Support three people and end with a fourth, and hold a class; left alone where any of it is there."""
    lorraine, nurse = viewer(LINK_WORKER, at=now), viewer(NURSE, at=now)
    if lorraine is not None and not support_queries.supported(viewer=lorraine, mine=False):
        _supported(person, by=lorraine, now=now)
    if nurse is not None and not course_queries.courses(viewer=nurse):
        _class(viewer, by=nurse, now=now)


def _supported(person: PersonOf, *, by: Viewer, now: datetime) -> None:
    for key, why, needs, days in SUPPORTED:
        # whoever tries the demo may have ended why the team knows them
        with suppress(NoAccess, Refused, NotFound):
            row = _begun(open_record(person_id=person(key), by=by), why, needs, by=by)
            _met(row, days, by=by, now=now)
    with suppress(NoAccess, Refused, NotFound):
        key, why, need = ENDED
        row = _begun(open_record(person_id=person(key), by=by), why, (need,), by=by)
        _asked(row, by=by, now=now, again=True)
        support.finish(support=row, outcome=Outcome.MET, words="She reads with the children on Tuesdays", by=by)


def _begun(grant: Grant, why: str, needs: tuple[str, ...], *, by: Viewer) -> UUID:
    assert by.organisation is not None
    team = directory.team("radcliffe")
    row = support.begin(new=NewSupport(team=team.pk, why=why, sender=by.organisation), grant=grant, by=by)
    for need in needs:
        support.note_need(support=row.pk, need=need, by=by)
    return row.pk


def _met(row: UUID, days: int, *, by: Viewer, now: datetime) -> None:
    rang = NewContact(at=now - timedelta(days=9), way=Way.PHONE, reached=Reached.NO_ANSWER)
    came = NewContact(
        at=now - timedelta(days=6),
        way=Way.HOME,
        words="We drew up together who there is, and what there was before",
        next_on=day_of(now) + timedelta(days=days),
    )
    for one in (rang, came):
        support.note_contact(support=row, new=one, by=by)
    _asked(row, by=by, now=now)
    first = support_queries.support(viewer=by, support_id=row).needs[0]
    services = [one for one in support_queries.services_to_offer(viewer=by) if one.kind == "befriending"]
    service = services[0].pk if services else None
    made = offers.offer(support=row, new=NewOffer(service=service, what="" if service else "A visitor"), by=by)
    offers.move(offer=made.pk, move=OfferMove.AGREE, by=by)
    offers.offer(support=row, new=NewOffer(what="The lunch club at the chapel", wait="Room on Thursdays"), by=by)
    support.settle_need(need=first.id, state=NeedState.PARTLY, by=by)


def _asked(row: UUID, *, by: Viewer, now: datetime, again: bool = False) -> None:
    before = {Question.SATISFIED: 4, Question.WORTHWHILE: 5, Question.HAPPY: 3, Question.ANXIOUS: 7}
    support.note_answers(support=row, answers=before, on=day_of(now) - timedelta(days=60 if again else 6), by=by)
    if again:
        after = {Question.SATISFIED: 6, Question.WORTHWHILE: 7, Question.HAPPY: 6, Question.ANXIOUS: 6}
        support.note_answers(support=row, answers=after, on=day_of(now), by=by)


def _class(viewer: ViewerOf, *, by: Viewer, now: datetime) -> None:
    """It began four weeks ago; whom the team knew then joined then, the others since."""
    team = directory.team("prestwich")
    tuesday = day_of(now) - timedelta(days=28 + (day_of(now).weekday() - 1) % 7)
    course = courses.make(
        new=NewCourse(
            team=team.pk,
            name="Strength and balance",
            what="Exercises to music, standing and sitting, to keep you steady on your feet. Tea afterwards.",
            where="Prestwich Methodist church hall (made up)",
            places=PLACES,
            first_on=tuesday,
            at=time(10, 30),
            minutes=60,
            sessions=12,
        ),
        by=by,
    ).pk
    known = [one.person for one in caseload.on_it(viewer=by, asked=caseload.Asked(team=team.pk))[0]]
    people = [one.pk for one in known if one.birth_on and now.year - one.birth_on.year > LEAST_AGE]
    then = viewer(NURSE, at=now - timedelta(days=35))
    if then is not None:
        courses.invite(course=course, people=people, by=then)
        _want(course, then, most=PLACES)
    courses.invite(course=course, people=people, by=by)
    _want(course, by, most=PLACES + 2)
    _went(course, by=by, now=now)


def _want(course: UUID, by: Viewer, *, most: int) -> None:
    shown = course_queries.course(viewer=by, course_id=course).people
    taking = sum(one.state in (PlaceState.COMING, PlaceState.WAITING) for one in shown)
    for one in [one for one in shown if one.state == PlaceState.INVITED][: max(most - taking, 0)]:
        courses.move_place(place=one.id, move=PlaceMove.WANT, by=by)


def _went(course: UUID, *, by: Viewer, now: datetime) -> None:
    shown = course_queries.course(viewer=by, course_id=course)
    coming = shown.of(PlaceState.COMING)
    over = [one for one in shown.sessions if one.ends_at < now]
    # of the last nobody has said who came yet
    for week, session in enumerate(over[:-1]):
        # two in ten were away
        came = {one.id: (Came.ILL, Came.DID_NOT)[week % 2] if (place + week) % 5 == 0 else Came.CAME
                for place, one in enumerate(coming)}  # fmt: skip
        course_sessions.note_attendance(session=session.id, came=came, by=by)
    for place, one in enumerate(coming):
        told = ((When.BEFORE, Decimal(13 + place)), (When.AFTER, Decimal(12 + place)))[: 2 if place < 3 else 1]
        for when, value in told:
            course_sessions.note_measure(
                place=one.id, measure=Measure.UP_AND_GO, when=when, value=value, on=day_of(now), by=by
            )
