"""The caseload as its pages show it: read, narrowed, changed, and never by whoever must not."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from locality.access.rules import RoleCode
from locality.base.periods import day_of
from locality.journal.models import Event
from locality.neighbourhoods.actions import put_forward
from locality.neighbourhoods.models import Allocation, Caseload
from locality.web.words import short_day
from tests import factories as make
from tests.neighbourhoods.test_candidates import doctor, put

pytestmark = pytest.mark.django_db
CASELOAD = "/team/caseload"


def words(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def in_days(days: int) -> str:
    return (day_of(timezone.now()) + timedelta(days=days)).isoformat()


def told(person, **other: str) -> dict[str, str]:
    """A form about somebody, as the browser sends it."""
    return {"about": str(person.pk)} | other


def waiting(person):
    return put_forward(put=put(person), by=doctor())


def take_on(browser, person, **other: str):
    row = waiting(person)
    sent = {"why": "Fell twice", "agreed": "agreed", "review_on": in_days(14)} | other
    return browser.post(f"/team/candidate/{row.pk}/take-on", told(person, **sent))


def on_it(browser, person, **other: str) -> Caseload:
    take_on(browser, person, **other)
    return Caseload.objects.get(person=person)


def test_somebody_who_waits_is_taken_on_with_a_coordinator_and_stands_on_the_list(sign_in):
    browser, peggy = sign_in(), make.person()
    joanne = make.practitioner()

    waits = words(browser.get(CASELOAD)) if waiting(peggy) else ""
    answer = take_on(browser, peggy, coordinator=str(joanne.pk))

    assert "1 person waits for an answer" in waits
    row = Caseload.objects.get()
    assert answer["Location"] == f"{CASELOAD}/{row.pk}"
    page = words(browser.get(answer["Location"]))
    assert "Peggy: getting to know, Joanne Fielding coordinates" in page
    assert "1 person on the caseload: every review is ahead" in words(browser.get(CASELOAD))


def test_a_coordinator_who_has_left_the_team_is_marked_on_the_list_and_at_the_place(sign_in):
    browser, peggy = sign_in(), make.person()
    tom = make.practitioner("Tom", "Nuttall")
    make.member(tom, make.team())
    row = on_it(browser, peggy, coordinator=str(tom.pk))
    left_on = day_of(timezone.now()) - timedelta(days=1)
    tom.memberships.update(ends_on=left_on)

    pages = [words(browser.get(address)) for address in (CASELOAD, f"{CASELOAD}/{row.pk}")]

    assert [f"Tom Nuttall left the team on {short_day(left_on)}: choose another" in page for page in pages] == [
        True
    ] * 2


def test_a_form_that_is_not_whole_comes_back_with_what_was_typed(sign_in):
    browser, peggy = sign_in(), make.person()

    page = take_on(browser, peggy, why="", agreed="", review_on="someday")

    assert page.status_code == 422
    said = words(page)
    assert "Say why the team looks after them." in said
    assert "Say whether they agreed." in said
    assert "is not a day" in said
    assert Caseload.objects.count() == 0


def test_not_taken_on_wants_a_reason_and_is_undone_from_the_notice(sign_in):
    browser, peggy = sign_in(), make.person()
    row = waiting(peggy)

    assert browser.post(f"/team/candidate/{row.pk}/decline", told(peggy)).status_code == 422
    browser.post(f"/team/candidate/{row.pk}/decline", told(peggy, why_not="Known to the practice"))
    row.refresh_from_db()
    assert (row.state, row.answer_why) == ("not taken on", "Known to the practice")

    notice = browser.get(CASELOAD).content.decode()
    assert f'action="/team/candidate/{row.pk}/wait"' in notice
    browser.post(f"/team/candidate/{row.pk}/wait")
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.mark.parametrize(
    ("act", "sent", "shows"),
    [
        ("stage", {"stage": "active"}, "Stage changed: Working with"),
        ("priority", {"priority": "1", "priority_why": "Alone tonight"}, "Priority changed: Today . Alone tonight"),
        ("risk", {"risk": "Ann is ill"}, "At risk of breaking down: Ann is ill"),
        ("review", {"found": "Walks again", "next_on": in_days(30)}, "Walks again"),
    ],
)
def test_each_change_is_made_in_one_form_and_told_in_the_history(sign_in, act, sent, shows):
    browser, peggy = sign_in(), make.person()
    row = on_it(browser, peggy)

    answer = browser.post(f"{CASELOAD}/{row.pk}/{act}", told(peggy, version=str(row.version), **sent))

    assert answer.status_code == 302
    assert shows in words(browser.get(answer["Location"]))


def test_handing_over_keeps_who_coordinated_before(sign_in):
    browser, peggy = sign_in(), make.person()
    tom = make.practitioner("Tom")
    make.member(tom, make.team())
    row = on_it(browser, peggy, coordinator=str(make.practitioner().pk))

    browser.post(f"{CASELOAD}/{row.pk}/allocate", told(peggy, coordinator=str(tom.pk), allocate_why="Leave"))

    assert [one.coordinator for one in Allocation.objects.order_by("starts_at")] == [make.practitioner(), tom]


def test_what_was_changed_meanwhile_is_said_and_nothing_is_overwritten(sign_in):
    browser, peggy = sign_in(), make.person()
    row = on_it(browser, peggy)
    seen = str(row.version)
    browser.post(f"{CASELOAD}/{row.pk}/stage", told(peggy, version=seen, stage="active"))

    page = browser.post(f"{CASELOAD}/{row.pk}/stage", told(peggy, version=seen, stage="steady"))

    assert page.status_code == 422
    assert "Somebody was first, so nothing was changed: Joanne Fielding" in words(page)
    row.refresh_from_db()
    assert row.stage == "active"


def test_coming_off_is_undone_on_the_same_day(sign_in):
    browser, peggy = sign_in(), make.person()
    row = on_it(browser, peggy)

    browser.post(f"{CASELOAD}/{row.pk}/off", told(peggy, reason="goals met", off_words="Walks"))
    notice = browser.get(CASELOAD).content.decode()
    assert f'action="{CASELOAD}/{row.pk}/back"' in notice
    assert browser.get(f"{CASELOAD}/{row.pk}").status_code == 404

    browser.post(f"{CASELOAD}/{row.pk}/back")
    assert browser.get(f"{CASELOAD}/{row.pk}").status_code == 200


def test_a_form_about_another_person_does_nothing(sign_in):
    browser, peggy, stan = sign_in(), make.person(), make.person("Ogden", "Stan")
    row = on_it(browser, peggy)

    page = browser.post(f"{CASELOAD}/{row.pk}/off", told(stan, reason="goals met"))

    assert page.status_code == 409
    row.refresh_from_db()
    assert row.off_at is None


def test_filters_are_kept_between_visits_until_they_are_changed(sign_in):
    browser = sign_in()
    on_it(browser, make.person(), coordinator=str(make.practitioner().pk))
    on_it(browser, make.person("Ogden", "Stan"))

    browser.get(CASELOAD, {"which": "mine"})
    kept = words(browser.get(CASELOAD))
    everybody = words(browser.get(CASELOAD, {"which": ""}))

    assert ("HARGREAVES, Margaret" in kept, "OGDEN, Stan" in kept) == (True, False)
    assert "OGDEN, Stan" in everybody
    assert "Narrowed, and kept so" not in words(browser.get(CASELOAD))


def test_another_team_finds_nobody_and_no_place(sign_in):
    browser, peggy = sign_in(), make.person()
    row = on_it(browser, peggy)
    candidate = waiting(make.person("Ogden", "Stan"))

    ruth = sign_in("Ruth", teams=("hilltop",))

    assert "Nobody is on the caseload, and nobody waits" in words(ruth.get(CASELOAD))
    assert ruth.get(f"{CASELOAD}/{row.pk}").status_code == 404
    assert ruth.get(f"/team/candidate/{candidate.pk}").status_code == 404
    assert ruth.post(f"{CASELOAD}/{row.pk}/off", told(peggy, reason="mistake")).status_code == 404
    assert ruth.post(f"/team/candidate/{candidate.pk}/wait").status_code == 404


def test_a_coordinator_does_not_take_the_list_away_on_paper_and_a_nurse_does(sign_in):
    nurse, coordinator = sign_in(), sign_in("Sadia", roles=(RoleCode.CARE_COORDINATOR,))
    on_it(nurse, make.person())

    assert coordinator.get(f"{CASELOAD}/print").status_code == 403
    page = words(nurse.get(f"{CASELOAD}/print"))
    assert ("HARGREAVES, Margaret" in page, "It names people: shred it." in page) == (True, True)
    assert Event.objects.filter(what="caseload.printed").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(sign_in, django_assert_num_queries, count):
    browser = sign_in()
    for number in range(count):
        on_it(browser, make.person(f"F{number}", f"G{number}"), coordinator=str(make.practitioner().pk))
    browser.get(CASELOAD)

    with django_assert_num_queries(11):
        browser.get(CASELOAD)


# ---- the team


def test_the_team_page_says_who_works_and_what_is_vacant_and_its_hub_to_nobody_outside(sign_in):
    from locality.directory.models import Site

    told_hub = {"place": make.place(), "organisation": make.organisation("RSB"), "kind": "hub", **make.ORIGIN}
    Site.objects.create(id=make.new_id(), code="mill-hub", name="The Mill team hub", address="1 Mill Lane", **told_hub)
    sadia = sign_in("Sadia", roles=(RoleCode.CARE_COORDINATOR,))
    joanne, ruth = sign_in(), sign_in("Ruth", teams=("hilltop",))
    team, nurse = make.team().pk, make.practitioner()
    days = {f"from_{day}": "9:00" for day in range(7)} | {f"until_{day}": "17:00" for day in range(7)}
    sites = {f"site_{day}": "mill-hub" for day in range(7)}

    answer = sadia.post(f"/team/{team}/week/{nurse.pk}", days | sites | {"starts_on": in_days(0)})
    post = {"title": "Occupational therapist", "employer": "RSB", "hours": "30", "starts_on": in_days(0)}
    sadia.post(f"/team/{team}/post", post)

    assert answer.status_code == 302
    page = words(joanne.get("/team"))
    assert "Riverside team: 2 people work in it; 30 hours a week are vacant" in page
    assert "09:00 to 17:00, The Mill team hub" in page
    assert "Mill" not in words(ruth.get("/team"))
    assert joanne.get(f"/team/{team}/keep").status_code == 403
    assert ruth.get(f"/team/{team}/keep").status_code == 404


def test_a_hub_is_no_place_to_visit_on_any_page_about_a_person(sign_in):
    """DESIGN: people are sent to their practice, a pharmacy or a service."""
    from locality.directory.models import Site
    from locality.neighbourhoods.actions.staffing import Hours, set_week

    told_hub = {"place": make.place(), "organisation": make.organisation("RSB"), "kind": "hub", **make.ORIGIN}
    hub = Site.objects.create(id=make.new_id(), code="mill-hub", name="The Mill team hub", **told_hub)
    browser, peggy = sign_in(), make.person()
    row = on_it(browser, peggy, coordinator=str(make.practitioner().pk))
    from datetime import time

    from locality.base import system

    week = [Hours(weekday=day, from_time=time(9), until_time=time(17), site=hub.pk) for day in range(7)]
    set_week(
        team=make.team().pk,
        practitioner=make.practitioner().pk,
        week=week,
        starts_on=day_of(timezone.now()),
        by=system(at=timezone.now()),
    )

    for address in (f"/person/{peggy.pk}", f"/person/{peggy.pk}/print", f"{CASELOAD}/{row.pk}", CASELOAD):
        assert "The Mill team hub" not in browser.get(address).content.decode(), address


def test_days_away_are_ones_own_or_the_coordinators_to_write_down(sign_in):
    joanne, sadia = sign_in(), sign_in("Sadia", roles=(RoleCode.CARE_COORDINATOR,))
    team, nurse, coordinator = make.team().pk, make.practitioner(), make.practitioner("Sadia")
    sent = {"first": in_days(1), "last": in_days(3), "who": str(nurse.pk), "cover": str(coordinator.pk)}

    assert joanne.post(f"/team/{team}/away", sent | {"who": str(coordinator.pk), "cover": ""}).status_code == 422
    assert joanne.post(f"/team/{team}/away", sent).status_code == 302
    assert "Sadia Fielding covers" in words(sadia.get("/team"))


def test_whoever_works_in_no_team_is_told_so(sign_in):
    assert "You work in no team today" in words(sign_in(teams=()).get("/team"))


def test_a_plan_that_is_to_be_looked_at_again_is_marked_with_its_day_on_the_list_at_home_and_at_the_place(sign_in):
    browser, peggy, stan = sign_in(), make.person(), make.person("Ogden", "Stan")
    row, _ = on_it(browser, peggy), on_it(browser, stan)
    for person, kind, days in ((peggy, "review", -9), (stan, "review", 9)):
        sent = {"kind": kind, "version": "0", "words": "Her daughter", "by_on": in_days(days)}
        browser.post(f"/person/{person.pk}/plan/write", told(person, **sent))
    since = f"Plan to be looked at since {short_day(day_of(timezone.now()) - timedelta(days=9))}"

    due, place = browser.get(f"{CASELOAD}?which=due"), browser.get(f"{CASELOAD}/{row.pk}")

    assert [words(due).count(one) for one in (since, "Ogden", "1 review is due")] == [1, 0, 1]
    assert (since in words(place), place.content.decode().count(f'href="/person/{peggy.pk}/plan"')) == (True, 1)
    assert "On the caseload, to be looked at again 1" in words(browser.get("/"))


def test_a_goal_whose_day_is_over_is_marked_and_its_words_stand_on_no_list(sign_in):
    browser, peggy = sign_in(), make.person()
    on_it(browser, peggy)
    goal = {"kind": "goal", "version": "0", "words": "My own stairs", "whose": "person", "by_on": in_days(-1)}
    browser.post(f"/person/{peggy.pk}/plan/write", told(peggy, **goal))

    due = words(browser.get(f"{CASELOAD}?which=due"))

    yesterday = short_day(day_of(timezone.now()) - timedelta(days=1))
    assert [one in due for one in (f"A goal was to be reached by {yesterday}", "My own stairs")] == [True, False]
