"""The directory's pages: found, looked at and kept; what is typed stands in no address, and hidden is not shown."""

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from locality.base.periods import day_of
from locality.directory.actions import services as keep
from locality.directory.models import Service, ServiceCapacity, ServiceReport
from locality.web import drafts
from tests import factories as make
from tests.directory.offered import A_MILE, MILL_LANE, need, postcodes, service

from .place_rows import headed, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(sign_in):
    return sign_in()


@pytest.fixture
def keeper(sign_in):
    return sign_in("Sam", "Whitaker", roles=("administrator",))


def find(client, **typed):
    return client.post("/directory", typed)


def test_the_first_page_asks_what_is_needed_and_offers_every_need(nurse):
    need("food")
    need("work", "Work", ())

    answer = nurse.get("/directory")

    assert headed(answer) == "What help is there?"
    assert [words in words_of(answer) for words in ("Food", "Work")] == [True, True]


def test_what_is_found_is_said_with_its_miles_its_room_and_how_old_that_is(nurse):
    postcodes()
    row = service("Lunch club", at=A_MILE, is_free=True)
    keep.say_capacity(service=row.pk, state="waiting", wait_days=21, by=make.viewer(at=make.ago(days=40)))

    answer = find(nurse, words="lunch", near="ZZ1 1AA")

    words = words_of(answer)
    assert headed(answer) == "1 service answers that"
    assert [part in words for part in ("1.0 miles", "Free", "about 3 weeks", "too long ago to go by")] == [True] * 4
    assert "Last checked" in words


def test_a_postcode_in_the_address_is_not_read(nurse):
    postcodes()
    service("Lunch club", at=A_MILE)

    answer = nurse.get("/directory?words=lunch&near=ZZ1+1AA")

    assert "miles" not in words_of(answer).replace("1 mile", "").replace("2 miles", "").replace("5 miles", "").replace(
        "10 miles", ""
    )
    assert "ZZ1 1AA" not in answer.content.decode().replace("1 Mill Lane, ZZ1 1AB", "")


def test_a_postcode_is_not_kept_with_a_form_that_came_too_late():
    account = make.account(make.practitioner())
    request = RequestFactory().post("/directory", {"words": "lunch", "near": "ZZ1 1AA"})

    drafts.keep(request, account_id=account.pk, at=make.AT)

    assert [dict(one.fields) for one in drafts.kept(account_id=account.pk, at=make.AT)] == [{"words": "lunch"}]


def test_where_nothing_is_so_near_the_page_says_what_it_let_go(nurse):
    postcodes()
    service("Lunch club", at=("ZZ2 2AA", 53.6 + 3 / 69.05, -2.3))

    answer = find(nurse, near="ZZ1 1AA", within="1")

    assert headed(answer) == "Nothing answers all of that"
    assert "Nothing is so near. Without that:" in words_of(answer)
    assert "Lunch club" in words_of(answer)


def test_a_search_that_finds_nothing_says_what_was_searched(nurse):
    answer = find(nurse, words="submarines")

    assert "Searched the names, words, needs and organisations of every service" in words_of(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"near": "nowhere at all"}, "is no postcode"),
        ({"within": "5"}, "Type a postcode to say how near."),
        ({"age": "old"}, "Type an age in whole years"),
    ],
)
def test_what_cannot_be_asked_is_told_beside_its_field(nurse, typed, said):
    answer = find(nurse, **typed)

    assert (answer.status_code, said in words_of(answer)) == (422, True)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(nurse, many, django_assert_num_queries):
    postcodes()
    for number in range(many):
        service(f"Lunch club {number}", at=MILL_LANE)
    find(nurse, words="lunch")

    with django_assert_num_queries(16):
        find(nurse, words="lunch", near="ZZ1 1AA")


def test_on_a_bank_holiday_what_is_open_now_is_said_to_be_of_a_usual_week(nurse, tmp_path):
    on = day_of(timezone.now())
    service("Lunch club", at=MILL_LANE, open=[(number, "00:00", "23:59") for number in range(1, 8)])
    usual = words_of(find(nurse, words="lunch", open="yes"))
    make.holidays(tmp_path, {on: "Whit Thursday"})

    page = words_of(find(nurse, words="lunch", open="yes"))

    said = ("Today is a bank holiday (Whit Thursday)", "Hours today not known (Whit Thursday): ring first")
    assert [[words in seen for words in said] for seen in (usual, page)] == [[False, False], [True, True]]


def test_a_list_on_paper_has_what_one_takes_along(nurse):
    service("Lunch club", at=MILL_LANE, phone="0161 496 0100", open=[(1, "09:00", "12:00")])

    words = words_of(find(nurse, words="lunch", print="yes"))

    assert [part in words for part in ("0161 496 0100", "1 Mill Lane, ZZ1 1AA", "09:00 to 12:00")] == [True] * 3


def test_one_service_shows_all_of_it_and_says_what_nobody_said(nurse):
    row = service("Lunch club", description="Soup.", open=[(1, "09:00", "12:00"), (2, "09:00", "12:00")])

    words = words_of(nurse.get(reverse("service", args=[row.pk])))

    told = ("Soup.", "Mon to Tue", "09:00 to 12:00", "Nobody said whether it has room", "No address is known")
    assert [part in words for part in told] == [True] * 5


def test_a_service_that_is_not_there_is_not_found(nurse):
    assert nurse.get(reverse("service", args=[make.place().pk])).status_code == 404


def test_anybody_at_work_writes_down_what_room_they_heard_of(nurse):
    row = service("Lunch club")

    answer = nurse.post(reverse("service_room", args=[row.pk]), {"state": "waiting", "wait": "14"}, follow=True)

    said = ServiceCapacity.objects.get()
    assert (said.state, said.wait_days, said.reporter) == ("waiting", 14, "Joanne Fielding")
    assert "Has a waiting list, about 2 weeks" in words_of(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose what room it has."),
        ({"state": "open", "wait": "3"}, "A wait belongs to a waiting list"),
        ({"state": "waiting", "wait": "soon"}, "Type a whole number"),
    ],
)
def test_what_cannot_be_said_of_room_is_told_and_not_written(nurse, typed, said):
    row = service("Lunch club")

    answer = nurse.post(reverse("service_room", args=[row.pk]), typed)

    assert (answer.status_code, said in words_of(answer), ServiceCapacity.objects.count()) == (422, True, 0)


def test_what_is_wrong_is_told_to_whoever_keeps_it_and_answered(nurse, keeper):
    row = service("Lunch club")
    nurse.post(reverse("service_report", args=[row.pk]), {"wrong": "It is on Fridays now."})
    report = ServiceReport.objects.get()

    waits = words_of(keeper.get("/directory"))
    answer = keeper.post(reverse("service_answer", args=[report.pk]), {"mended": "yes", "answer": "Rang"}, follow=True)

    assert "It is on Fridays now." in waits
    assert "Mended" in words_of(answer)


def test_who_does_not_keep_it_is_not_offered_to_and_may_not(nurse):
    row = service("Lunch club")

    assert "Change it" not in words_of(nurse.get(reverse("service", args=[row.pk])))
    assert nurse.get(reverse("service_change", args=[row.pk])).status_code == 403
    for name in ("service_change", "service_assure", "service_close"):
        assert nurse.post(reverse(name, args=[row.pk]), {"name": "Mine"}).status_code == 403
    assert Service.objects.get().name == "Lunch club"


def test_what_is_changed_stands_there_and_all_else_stays(keeper):
    need("food")
    row = service("Lunch club", phone="0161 496 0100", is_public=True, needs=["food"])
    form = keeper.get(reverse("service_change", args=[row.pk])).content.decode()
    version = form.split('name="version" value="')[1].split('"')[0]

    sent = {"name": "Supper club", "phone": "0161 496 0100", "public": "yes", "needs": ["food"], "version": version}
    answer = keeper.post(reverse("service_change", args=[row.pk]), sent, follow=True)
    again = keeper.post(reverse("service_change", args=[row.pk]), sent | {"name": "Brunch"})

    row.refresh_from_db()
    assert (row.name, row.phone, row.is_public, row.needs, row.kept_here) == (
        "Supper club",
        "0161 496 0100",
        True,
        ["food"],
        ["name"],
    )
    assert headed(answer) == "Supper club"
    assert (again.status_code, "A colleague changed this" in words_of(again)) == (422, True)


def test_what_is_closed_by_mistake_is_there_again_with_one_press(keeper):
    row = service("Lunch club")

    closed = keeper.post(reverse("service_close", args=[row.pk]), follow=True)
    undone = keeper.post(reverse("service_reopen", args=[row.pk]), follow=True)

    assert [part in words_of(closed) for part in ("Ended", "Undo")] == [True, True]
    assert "Ended" not in words_of(undone)


def test_what_is_checked_says_so(keeper):
    row = service("Lunch club", assured_on=None)

    before = words_of(keeper.get(reverse("service", args=[row.pk])))
    after = words_of(keeper.post(reverse("service_assure", args=[row.pk]), follow=True))

    assert ("Never checked" in before, "Last checked today" in after) == (True, True)
