"""Classes: when they meet, who is invited, who has a place, who came, and what came of them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from locality.access.actions import record_objection
from locality.access.models import Account, PersonSeal, Relationship
from locality.access.rules import ObjectionKind
from locality.base import NoAccess, NotFound, Refused
from locality.journal.models import Event
from locality.neighbourhoods.actions import course_sessions, courses
from locality.neighbourhoods.actions.courses import Invited
from locality.neighbourhoods.models import CourseAttendance, CourseMeasure, CoursePlace, CourseSession, Message
from locality.neighbourhoods.queries import courses as queries
from locality.neighbourhoods.rules.courses import (
    Came,
    Measure,
    PlaceMove,
    PlaceMoveNotAllowed,
    PlaceState,
    When,
    came_of,
    came_share,
    weekly,
)
from locality.people.models import Person
from tests import factories as make
from tests.neighbourhoods.support_world import a_class, coming, invited, somebody, weeks_ago

pytestmark = pytest.mark.django_db
ABSENT = UUID("00000000-0000-4000-8000-000000000000")


def states(course) -> dict[str, str]:
    return {row.person.family: row.state for row in CoursePlace.objects.filter(course=course).select_related("person")}


def test_a_class_meets_at_the_same_hour_of_the_clock_across_both_changes():
    spring = weekly(first_on=date(2026, 3, 24), at=time(10, 0), minutes=60, count=2)
    autumn = weekly(first_on=date(2026, 10, 20), at=time(10, 0), minutes=60, count=2)

    assert [one.starts_at.astimezone(UTC) for one in (*spring, *autumn)] == [
        datetime(2026, 3, 24, 10, tzinfo=UTC),
        datetime(2026, 3, 31, 9, tzinfo=UTC),
        datetime(2026, 10, 20, 9, tzinfo=UTC),
        datetime(2026, 10, 27, 10, tzinfo=UTC),
    ]
    assert {one.ends_at - one.starts_at for one in (*spring, *autumn)} == {timedelta(hours=1)}


def test_a_day_on_which_it_does_not_meet_is_made_up_at_the_end():
    found = weekly(
        first_on=date(2026, 12, 18), at=time(10, 0), minutes=60, count=3, not_on=[date(2026, 12, 25), date(2027, 1, 1)]
    )

    assert [one.starts_at.date() for one in found] == [date(2026, 12, 18), date(2027, 1, 8), date(2027, 1, 15)]


def test_on_a_bank_holiday_it_is_not_held_says_why_and_is_made_up_at_the_end():
    holidays = {date(2026, 12, 25): "Christmas Day", date(2027, 1, 1): "New Year's Day"}

    found = weekly(
        first_on=date(2026, 12, 18), at=time(10, 0), minutes=60, count=3, not_on=[date(2027, 1, 8)], holidays=holidays
    )

    assert [(one.starts_at.date(), one.why_not) for one in found] == [
        (date(2026, 12, 18), ""),
        (date(2026, 12, 25), "Bank holiday: Christmas Day"),
        (date(2027, 1, 1), "Bank holiday: New Year's Day"),
        (date(2027, 1, 15), ""),
        (date(2027, 1, 22), ""),
    ]


@pytest.mark.parametrize(
    ("on_holidays", "days", "why"),
    [
        (False, [date(2026, 12, 22), date(2026, 12, 29), date(2027, 1, 5)], ["", "Bank holiday: Boxing Day", ""]),
        (True, [date(2026, 12, 22), date(2026, 12, 29)], ["", ""]),
    ],
)
def test_a_class_leaves_out_the_bank_holidays_of_its_pack_unless_it_is_said_to_meet(tmp_path, on_holidays, days, why):
    make.holidays(tmp_path, {date(2026, 12, 29): "Boxing Day"})

    course = a_class(first_on=date(2026, 12, 22), sessions=2, on_holidays=on_holidays)

    rows = course.sessions.order_by("starts_at")
    assert [row.starts_at.date() for row in rows] == days
    assert [row.cancelled_why for row in rows] == why
    assert course.sessions.filter(cancelled_at=None).count() == 2


def test_a_class_is_made_by_one_of_its_team_and_says_what_where_and_for_how_many():
    for wrong in ({"name": " "}, {"places": 0}, {"sessions": 61}, {"minutes": 1}, {"team": make.team("hilltop").pk}):
        with pytest.raises(Refused):
            a_class(**wrong)
    with pytest.raises(NoAccess):
        a_class(by=make.viewer("administrator"))

    assert a_class().sessions.count() == 8


def test_of_those_who_are_asked_for_the_dead_the_unknown_and_whoever_objects_are_not_invited():
    course = a_class()
    ada, bea = somebody("Ada"), somebody("Bea")
    dead, stranger, objects = somebody("Dead", died=True), somebody("Stranger", team=False), somebody("Objects")
    record_objection(person_id=objects.pk, kind=ObjectionKind.SHARING, words="She said so", by=make.viewer())
    invited(course, ada)

    found = courses.invite(
        course=course.pk, people=[one.pk for one in (ada, bea, dead, stranger, objects)], by=make.viewer()
    )

    assert found == Invited(invited=1, already=1, not_known=1, died=1, object_=1)
    assert states(course) == {"Ada": "invited", "Bea": "invited"}
    assert [(one.person.family, one.channel, one.subject) for one in Message.objects.order_by("made_at", "pk")] == [
        ("Ada", "letter", "An invitation to a class"),
        ("Bea", "letter", "An invitation to a class"),
    ]
    assert "It begins on Tue 10 Nov 2026, 10:00, and meets 8 times." in Message.objects.first().body


def test_somebody_merged_is_not_invited_a_second_time():
    course, peggy = a_class(), somebody("Peggy")
    alias = make.person("Peg", "Una", merged_into=peggy)
    (place,) = invited(course, peggy)
    CoursePlace.objects.filter(pk=place.pk).update(person=alias)

    assert courses.invite(course=course.pk, people=[peggy.pk], by=make.viewer()) == Invited(already=1)


def test_with_all_places_taken_one_waits_and_whoever_waits_longest_moves_up_and_is_told():
    course = a_class()
    places = invited(course, *[somebody(family) for family in ("Ada", "Bea", "Cy", "Di")])
    for minute, place in enumerate(places):
        courses.move_place(place=place.pk, move=PlaceMove.WANT, by=make.viewer(at=make.AT + timedelta(minutes=minute)))
    before = states(course)

    courses.move_place(place=places[0].pk, move=PlaceMove.LEAVE, why="Her hip", by=make.viewer())

    assert list(before.values()).count("waiting") == 2
    assert states(course) == {"Ada": "left", "Bea": "coming", "Cy": "coming", "Di": "waiting"}
    told = Message.objects.filter(subject="You have a place in a class")
    assert [(one.person.family, one.channel) for one in told] == [("Cy", "letter")]


def test_more_places_let_those_who_wait_in_and_fewer_take_nobodys():
    course = a_class(places=1)
    for place in invited(course, *[somebody(family) for family in ("Ada", "Bea")]):
        coming(place)

    courses.set_places(course=course.pk, places=2, by=make.viewer())
    courses.set_places(course=course.pk, places=1, by=make.viewer())

    assert states(course) == {"Ada": "coming", "Bea": "coming"}
    assert queries.courses(viewer=make.viewer())[0].free == 0


def test_what_cannot_be_said_of_a_place_is_refused():
    (place,) = invited(a_class(), somebody("Ada"))

    with pytest.raises(PlaceMoveNotAllowed, match="They are down as: invited"):
        courses.move_place(place=place.pk, move=PlaceMove.LEAVE, by=make.viewer())


def test_whoever_has_a_place_is_told_of_a_cancelled_meeting_and_nobody_else():
    course = a_class()
    ada, _ = invited(course, somebody("Ada"), somebody("Bea"))
    coming(ada)
    session = course.sessions.get(starts_at__date=date(2026, 11, 10))

    told = course_sessions.cancel(session=session.pk, why="The hall is flooded", by=make.viewer())

    assert (told.at_once, told.by_letter) == (0, 1)
    message = Message.objects.get(subject="Your class is cancelled")
    assert (message.person.family, message.body) == (
        "Ada",
        "Strength and balance on Tue 10 Nov 2026, 10:00 is cancelled: The hall is flooded. "
        "It meets next on Tue 17 Nov 2026, 10:00. Questions: ring Riverside team on 0161 496 0101.",
    )
    for again, words in ((session, "cancelled already"), (course.sessions.order_by("starts_at")[0], "is over")):
        with pytest.raises(Refused, match=words):
            course_sessions.cancel(session=again.pk, why="-", by=make.viewer())
    course_sessions.put_back(session=session.pk, by=make.viewer())
    assert CourseSession.objects.get(pk=session.pk).cancelled_why == ""


def test_a_text_goes_to_those_alone_who_can_read_what_it_leads_to():
    course = a_class(places=3)
    for family, phone in (("Able", "07700 900123"), ("Bakes", "07700 900124"), ("Cole", "0161 496 0000")):
        (place,) = invited(course, somebody(family))
        Person.objects.filter(pk=place.person_id).update(phone=phone)
        coming(place)
    Account.objects.create(username="able", person=Person.objects.get(family="Able"), password="!")  # noqa: S106
    session = course.sessions.get(starts_at__date=date(2026, 11, 10))

    told = course_sessions.cancel(session=session.pk, why="The hall is flooded", by=make.viewer())

    ways = Message.objects.filter(subject="Your class is cancelled").values_list("person__family", "channel")
    assert (told.at_once, told.by_letter) == (1, 2)
    assert dict(ways) == {"Able": "text", "Bakes": "letter", "Cole": "letter"}


def test_whoever_has_died_while_they_waited_is_passed_over_for_the_next():
    course = a_class(places=1)
    able, bakes, cole = (invited(course, somebody(family))[0] for family in ("Able", "Bakes", "Cole"))
    for place in (able, bakes, cole):
        coming(place)
    Person.objects.filter(family="Bakes").update(died=True)

    courses.move_place(place=able.pk, move=PlaceMove.LEAVE, by=make.viewer())

    found = dict(course.people.values_list("person__family", "state"))
    assert found == {"Able": "left", "Bakes": "waiting", "Cole": "coming"}


def test_who_came_is_said_from_half_an_hour_before_and_what_is_said_last_holds():
    course = a_class()
    (ada,) = invited(course, somebody("Ada"), by=weeks_ago(6))
    coming(ada, by=weeks_ago(6))
    past, future = course.sessions.order_by("starts_at")[0], course.sessions.order_by("starts_at").last()

    course_sessions.note_attendance(session=past.pk, came={ada.pk: Came.DID_NOT}, by=make.viewer())
    said = course_sessions.note_attendance(session=past.pk, came={ada.pk: Came.CAME}, by=make.viewer())
    same = course_sessions.note_attendance(session=past.pk, came={ada.pk: Came.CAME}, by=make.viewer())

    assert (said, same, ada.attended.get().came) == (1, 0, Came.CAME)
    with pytest.raises(Refused, match="has not begun"):
        course_sessions.note_attendance(session=future.pk, came={ada.pk: Came.CAME}, by=make.viewer())
    with pytest.raises(NotFound):
        course_sessions.note_attendance(session=past.pk, came={ABSENT: Came.CAME}, by=make.viewer())


def test_three_quarters_are_counted_of_what_was_held_since_one_joined():
    course = a_class()
    ada, late = invited(course, somebody("Ada"), somebody("Late"), by=weeks_ago(6))
    coming(ada, by=weeks_ago(6))
    coming(late, by=weeks_ago(2))
    sessions = list(course.sessions.order_by("starts_at")[:5])
    for number, session in enumerate(sessions):
        came = {ada.pk: Came.ILL if number == 1 else Came.CAME}
        if number >= 3:
            came[late.pk] = Came.CAME
        if number != 2:
            course_sessions.note_attendance(session=session.pk, came=came, by=make.viewer())

    found = {one.person.family: one for one in queries.course(viewer=make.viewer(), course_id=course.pk).people}

    assert [(one.came, one.held, one.unsaid, one.came_enough) for one in (found["Ada"], found["Late"])] == [
        (3, 5, 1, False),
        (2, 2, 0, True),
    ]
    assert (came_share(3, held=4), came_share(0, held=0)) == (Decimal("0.75"), None)


def test_what_cannot_have_been_measured_so_is_refused():
    (place,) = invited(a_class(), somebody("Ada"))
    for measure, value in (
        (Measure.BALANCE, Decimal(5)),
        (Measure.CHAIR_STAND, Decimal("3.5")),
        (Measure.UP_AND_GO, Decimal("12.34")),
        (Measure.UP_AND_GO, Decimal(0)),
    ):
        with pytest.raises(Refused, match="type a"):
            _measured(place, measure, value)

    assert not CourseMeasure.objects.exists()


def _measured(place, measure, value, when=When.BEFORE, by=None) -> None:
    course_sessions.note_measure(
        place=place.pk, measure=measure, when=when, value=Decimal(value), on=make.TODAY, by=by or make.viewer()
    )


def test_what_came_of_it_is_told_of_those_measured_twice_by_the_newest_of_each():
    course = a_class(places=9)
    ada, bea, once = invited(course, *[somebody(family) for family in ("Ada", "Bea", "Once")])
    for place, before, after in ((ada, "18.5", "14.0"), (bea, "12.0", "13.0")):
        _measured(place, Measure.UP_AND_GO, before)
        _measured(place, Measure.UP_AND_GO, after, When.AFTER)
    _measured(once, Measure.UP_AND_GO, "40")
    _measured(ada, Measure.UP_AND_GO, "20.0", by=make.viewer(at=make.AT + timedelta(minutes=1)))

    (found,) = came_of(queries.measured_twice(viewer=make.viewer(), course_id=course.pk))

    assert (found.people, found.before, found.after, found.change) == (
        2,
        Decimal("16.0"),
        Decimal("13.5"),
        Decimal("-2.5"),
    )
    assert queries.measured_twice(viewer=make.stranger(), course_id=course.pk) == {}


def test_another_team_neither_lists_nor_opens_nor_changes_it():
    course, ruth = a_class(), make.stranger()
    (ada,) = invited(course, somebody("Ada"))
    session = course.sessions.first()

    assert (queries.courses(viewer=ruth), queries.sessions_waiting(viewer=ruth)) == ([], [])
    for refused in (
        lambda: queries.course(viewer=ruth, course_id=course.pk),
        lambda: queries.place(viewer=ruth, place_id=ada.pk),
        lambda: queries.door(viewer=ruth, session_id=session.pk),
        lambda: courses.invite(course=course.pk, people=[], by=ruth),
        lambda: courses.set_places(course=course.pk, places=3, by=ruth),
        lambda: courses.move_place(place=ada.pk, move=PlaceMove.WANT, by=ruth),
        lambda: course_sessions.cancel(session=session.pk, why="-", by=ruth),
        lambda: course_sessions.cancel(session=ABSENT, why="-", by=make.viewer()),
        lambda: course_sessions.note_attendance(session=session.pk, came={}, by=ruth),
        lambda: _measured(ada, Measure.FALLS, 1, by=ruth),
    ):
        with pytest.raises(NotFound):
            refused()


def test_whom_the_viewer_must_not_see_is_not_named_and_still_takes_a_place():
    course = a_class()
    ada = somebody("Ada")
    (place,) = invited(course, ada)
    coming(place)
    Relationship.objects.filter(person=ada).update(ends_on=make.TODAY)

    one = queries.course(viewer=make.viewer(), course_id=course.pk)

    assert (one.people, one.course.coming, one.course.free) == ([], 0, 1)


def test_the_person_page_names_the_class_and_when_it_meets_next():
    course, ada = a_class(), somebody("Ada")
    (place,) = invited(course, ada)
    coming(place)

    (found,) = queries.of_person(grant=make.opened(ada))

    assert (found.name, found.state, found.next_at, found.meets_after, found.course_id) == (
        "Strength and balance",
        PlaceState.COMING,
        datetime(2026, 11, 10, 10, tzinfo=UTC),
        3,
        course.pk,
    )
    assert queries.of_person(grant=make.opened(somebody("Other"))) == []


def test_meetings_of_which_nobody_said_who_came_wait():
    course = a_class()
    (ada,) = invited(course, somebody("Ada"), by=weeks_ago(6))
    coming(ada, by=weeks_ago(6))
    last = course.sessions.get(starts_at__date=date(2026, 11, 3))
    course_sessions.note_attendance(session=last.pk, came={ada.pk: Came.CAME}, by=make.viewer())

    waits = [one.starts_at.date() for one in queries.sessions_waiting(viewer=make.viewer())]

    assert waits == [date(2026, 10, 13), date(2026, 10, 20), date(2026, 10, 27)]


def test_a_class_costs_the_same_with_one_person_and_with_three(django_assert_num_queries):
    course, nurse = a_class(places=9), make.viewer()
    invited(course, somebody("Ada"))
    with django_assert_num_queries(6):
        queries.course(viewer=nurse, course_id=course.pk)
    with django_assert_num_queries(2):
        queries.courses(viewer=nurse)
    invited(course, somebody("Bea"), somebody("Cy"))
    a_class()
    a_class()

    with django_assert_num_queries(6):
        found = queries.course(viewer=nurse, course_id=course.pk)
    with django_assert_num_queries(2):
        listed = queries.courses(viewer=nurse)

    assert (len(found.people), len(listed)) == (3, 3)


def test_everybody_the_list_and_the_door_name_is_written_down():
    course = a_class()
    (ada,) = invited(course, somebody("Ada"))
    coming(ada)

    course_sessions.open_course(course=course.pk, by=make.viewer())
    course_sessions.open_door(session=course.sessions.first().pk, by=make.viewer())
    course_sessions.open_place(place=ada.pk, by=make.viewer())

    said = Event.objects.filter(what__in=["course.listed", "course.opened"], person_id=ada.person_id)
    assert list(said.order_by("at", "pk").values_list("what", flat=True)) == [
        "course.listed",
        "course.listed",
        "course.opened",
    ]


def test_no_number_of_a_class_tells_of_somebody_who_is_not_named_in_it_and_their_place_stays_taken():
    course = a_class(places=2)
    ada, bea = invited(course, somebody("Ada"), somebody("Bea"))
    for place in (ada, bea):
        coming(place)
    met = course.sessions.order_by("starts_at").first()
    for place in (ada, bea):
        CourseAttendance.objects.create(session=met, place=place, came=Came.CAME, at=make.AT, by=make.viewer().id)
    whole = queries.course(viewer=make.viewer(), course_id=course.pk)
    PersonSeal.objects.create(
        person=bea.person,
        thing=bea.pk,
        seal="locked",
        starts_on=make.TODAY,
        made_at=make.AT,
        made_by=bea.person_id,
        reason="-",
    )

    one = queries.course(viewer=make.viewer(), course_id=course.pk)
    (listed,) = queries.courses(viewer=make.viewer())

    assert (whole.course.coming, whole.sessions[0].came, whole.sessions[0].said) == (2, 2, 2)
    assert [row.person.family for row in one.people] == ["Ada"]
    assert (one.course.coming, listed.coming, one.sessions[0].came, one.sessions[0].said) == (1, 1, 1, 1)
    assert (one.course.free, listed.free) == (0, 0)
