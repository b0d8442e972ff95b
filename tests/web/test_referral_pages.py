"""Referring, the list, one, and the page of a link: filled from the record, answered, taken back; never to others."""

import re
from html import unescape

import pytest
import time_machine
from django.test import Client

from locality.journal.models import Event
from locality.neighbourhoods.models import Message, Referral, ReferralLink
from tests import factories as make
from tests.neighbourhoods.referral_world import accept, befriending, later, nurse, refer, therapist
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db
LIST_QUERIES = 9
ASKED = {"asked": "A rail on the stairs", "need": "falls", "agreed": "agreed", "wanted": "To get to bed", "how": "here"}


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(make.AT):
        yield


def words(answer) -> str:
    page = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(page).split())


def ticked(answer) -> list[str]:
    page = answer.content.decode()
    return re.findall(r'name="(fact\.[^"]+)" value="on" checked', page)


def tom(sign_in):
    return sign_in("Tom", teams=("hilltop",))


def send(browser, person, to, **other):
    told = {"about": str(person.pk), "to": to} | ASKED | other
    return browser.post(f"/person/{person.pk}/refer", told)


def team_key(code="hilltop") -> str:
    return f"team.{make.team(code).pk}"


def with_record():
    """Peggy with an allergy and a problem that her practice sent."""
    person, patients = make.peggy("gp")
    make.resource(patients[0], make.allergy())
    make.resource(patients[0], make.problem())
    return person


def test_whom_to_ask_is_searched_by_name_and_nothing_found_says_what_was_searched(sign_in):
    peggy, browser = known(), sign_in()
    make.team("hilltop")
    befriending()

    found = words(browser.get(f"/person/{peggy.pk}/refer?q=befriend"))
    nothing = words(browser.get(f"/person/{peggy.pk}/refer?q=zzz"))

    assert "1 receiver Befriending at home Service, Tea Circle" in found
    assert "We looked for \u201czzz\u201d" in nothing
    assert "Hilltop team" in nothing


def test_what_the_record_says_is_filled_in_with_who_said_it_and_less_is_ticked_for_a_charity(sign_in):
    peggy, browser = with_record(), sign_in()

    to_team = browser.get(f"/person/{peggy.pk}/refer?to={team_key()}")
    to_charity = browser.get(f"/person/{peggy.pk}/refer?to=service.{befriending().pk}")

    assert "Penicillin" in words(to_team)
    assert "Asthma" in words(to_team)
    assert "Mill Lane" in words(to_team)
    assert [one.partition(".")[2].partition(".")[0] for one in ticked(to_team)] == ["allergies"]
    assert ticked(to_charity) == []


def test_sent_it_carries_what_was_ticked_from_the_record_and_not_what_was_typed(sign_in):
    peggy, browser = with_record(), sign_in()
    facts = re.findall(
        r'name="(fact\.[^"]+)"', browser.get(f"/person/{peggy.pk}/refer?to={team_key()}").content.decode()
    )

    answer = send(browser, peggy, team_key(), **{facts[0]: "on", "fact.allergies.made-up": "Peanuts"})

    row = Referral.objects.get()
    assert answer["Location"] == f"/referrals/{row.pk}"
    assert [one["heading"] for one in row.facts] == ["Allergies"]
    assert "Penicillin" in row.facts[0]["words"]
    page = words(browser.get(answer["Location"]))
    assert "Sent to Hilltop team. Who looks after them has not changed." in page


def test_asked_twice_the_first_is_shown_and_a_reason_lets_it_go(sign_in):
    peggy, browser = known(), sign_in()
    send(browser, peggy, team_key())

    again = send(browser, peggy, team_key())
    page = words(again)

    assert again.status_code == 422
    assert "The same was asked lately" in page
    assert "Hilltop team, by Riverside team" in page
    assert send(browser, peggy, team_key(), all_the_same="They lost it").status_code == 302
    assert Referral.objects.count() == 2


def test_what_is_missing_is_asked_for_at_its_field(sign_in):
    peggy, browser = known(), sign_in()

    page = send(browser, peggy, team_key(), asked="", agreed="")

    assert page.status_code == 422
    assert 'href="#asked"' in page.content.decode()
    assert "Say whether they know and want it." in words(page)
    assert Referral.objects.count() == 0


def test_the_form_says_by_when_an_answer_is_due_and_whom_to_ring(sign_in):
    peggy, browser = known(), sign_in()

    page = words(browser.get(f"/person/{peggy.pk}/refer?to={team_key()}"))

    assert "urgent 4 hours, soon 16 hours, routine 40 hours" in page
    assert "If it cannot wait for that, ring them too: 0161 496 0101" in page


def test_sent_by_mistake_it_is_taken_back(sign_in):
    peggy, browser = known(), sign_in()
    send(browser, peggy, team_key())
    row = Referral.objects.get()

    browser.post(f"/referrals/{row.pk}/unsent")

    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_answered_from_the_page_and_taken_back(sign_in):
    row = refer()
    browser = tom(sign_in)

    accepted = browser.post(f"/referrals/{row.pk}/accept", follow=True)
    row.refresh_from_db()
    was = row.state
    browser.post(f"/referrals/{row.pk}/undo")

    row.refresh_from_db()
    assert (was, row.state) == ("accepted", "sent")
    assert "Who looks after them has not changed." in words(accepted)
    assert f'action="/referrals/{row.pk}/undo"' in accepted.content.decode()


@pytest.mark.parametrize(
    ("doing", "sent", "said"),
    [
        ("decline", {}, "Choose why you say no"),
        ("ask", {"ask_more_words": ""}, "Say what you need to know."),
    ],
)
def test_an_answer_that_is_not_whole_is_asked_for(sign_in, doing, sent, said):
    row = refer()

    page = tom(sign_in).post(f"/referrals/{row.pk}/{doing}", sent)

    assert page.status_code == 422
    assert said in words(page)


def test_booked_seen_and_come_to_an_end(sign_in):
    row = accept(refer())
    browser = tom(sign_in)

    for doing, sent in [
        ("book", {"booked_on": "2026-11-09", "booked_time": "14:30", "where": "At home"}),
        ("see", {}),
        ("finish", {"outcome": "met", "finish_words": "The rail is up"}),
    ]:
        assert browser.post(f"/referrals/{row.pk}/{doing}", sent).status_code == 302, doing

    page = words(browser.get(f"/referrals/{row.pk}"))
    assert "What was wanted came about The rail is up (wanted: To get to bed without fear)" in page
    assert "Mon 9 Nov 2026, 14:30" in page


def test_the_second_of_two_reads_who_was_first(sign_in):
    row = accept(refer(by=nurse(at=make.ago(hours=1))), by=later(therapist(), minutes=-2))

    page = tom(sign_in).post(f"/referrals/{row.pk}/accept")

    assert page.status_code == 422
    assert "Tom Fielding did that, Thu 5 Nov 2026, 09:38." in words(page)
    assert Event.objects.filter(what="page.referral_move", outcome="refused").count() == 1


def test_another_team_finds_neither_the_list_nor_the_one_nor_the_message(sign_in):
    row = refer()
    stranger = sign_in("Omar", teams=("bridge",))

    assert "A rail on the stairs" not in words(stranger.get("/referrals?of=all"))
    for path in (f"/referrals/{row.pk}", f"/referrals/{row.pk}/message"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/referrals/{row.pk}/accept").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(sign_in, django_assert_num_queries, count):
    for number in range(count):
        refer(known(make.person(f"F{number}", f"Given{number}", nhs_number="")))
    browser = tom(sign_in)
    browser.get("/referrals")

    with django_assert_num_queries(LIST_QUERIES):
        page = browser.get("/referrals")

    assert f"{count} referral" in words(page)


def test_on_paper_and_as_a_table_for_those_who_may_take_lists_away(sign_in):
    peggy = known()
    refer(peggy, asked='=HYPERLINK("x")')
    browser = tom(sign_in)

    table = browser.get("/referrals/table.csv").content.decode()
    paper = words(browser.get("/referrals/print"))

    assert "'=HYPERLINK" in table
    assert "\r\n=HYPERLINK" not in table
    assert "Printed Thu 5 Nov 2026, 09:40 by Tom Fielding" in paper
    assert [Event.objects.filter(what=one).count() for one in ("referral.exported", "referral.printed")] == [1, 1]
    assert sign_in("Lena", roles=("link_worker",), teams=("hilltop",)).get("/referrals/table.csv").status_code == 403


def test_by_a_link_a_charity_reads_the_least_and_answers(sign_in, settings):
    settings.LOCALITY_URL = "https://place.example"
    peggy, browser = with_record(), sign_in()
    told = {"how": "link", "link_name": "Tea Circle", "link_address": "hello@tea-circle.example"}
    send(browser, peggy, f"service.{befriending().pk}", **told, contact="Ring after ten")
    row = Referral.objects.get()
    link = re.search(r"https://place\.example(/referral/link/\S+)", Message.objects.get().secret)[1]
    charity = Client()

    followed = charity.get(link)
    page = charity.get(followed["Location"])
    charity.post("/referral/by-link", {"doing": "accept"})

    row.refresh_from_db()
    text = words(page)
    assert followed["Location"] == "/referral/by-link"
    assert row.state == "accepted"
    assert "Riverside team asks you to help Peggy" in text
    assert "Ring after ten" in text
    hidden = [peggy.family.upper(), peggy.family, "999 000 0018", peggy.postcode, "1942", "84", "Penicillin", "Asthma"]
    assert [one for one in hidden if one in text] == []
    assert page["Cache-Control"].startswith("no-store")
    assert ReferralLink.objects.get().opened_times == 1


def test_a_link_that_is_over_or_wrong_says_so_and_lets_nobody_in(sign_in):
    charity = Client()

    wrong = charity.get("/referral/link/nothing")
    without = charity.get("/referral/by-link")

    assert (wrong.status_code, without.status_code) == (404, 404)
    assert "This link opens nothing" in words(wrong)
    assert charity.get("/referrals").status_code == 302


def test_when_it_is_over_by_the_link_they_are_thanked_and_it_opens_nothing_more(sign_in, settings):
    settings.LOCALITY_URL = "https://place.example"
    peggy, browser = known(), sign_in()
    told = {"how": "link", "link_name": "Tea Circle", "link_address": "hello@tea-circle.example"}
    send(browser, peggy, f"service.{befriending().pk}", **told)
    link = re.search(r"https://place\.example(/referral/link/\S+)", Message.objects.get().secret)[1]
    charity = Client()
    charity.get(link)

    thanks = charity.post("/referral/by-link", {"doing": "decline", "declined": "no capacity"}, follow=True)

    assert "Whoever asked has been told what you said." in words(thanks)
    assert charity.get(link).status_code == 404
    page = words(browser.get(f"/referrals/{Referral.objects.get().pk}"))
    assert "There is no room now" in page


def test_a_link_signs_nobody_out(sign_in):
    browser = sign_in()

    browser.get("/referral/link/nothing")

    assert browser.get("/tasks").status_code == 200


def test_by_a_link_the_number_of_the_record_goes_only_where_they_agreed(sign_in):
    peggy, browser = make.peggy("gp")[0], sign_in()
    peggy.phone = "0161 496 0188"
    peggy.save(update_fields=["phone"])
    service = f"service.{befriending().pk}"
    told = {"how": "link", "link_name": "Tea Circle", "link_address": "hello@tea-circle.example"}

    form = browser.get(f"/person/{peggy.pk}/refer?to={service}").content.decode()
    refused = send(browser, peggy, service, contact="01614960188", **told)
    agreed = send(browser, peggy, service, contact="0161 496 0188", contact_agreed="on", **told)

    assert re.findall(r'value="(here|link)" checked', form) == ["link"]
    assert "0161 496 0188" not in re.findall(r'<input[^>]*name="contact"[^>]*>', form)[0]
    assert (refused.status_code, "by a link nothing of the record goes" in words(refused)) == (422, True)
    assert (agreed.status_code, Referral.objects.get().contact) == (302, "0161 496 0188")


def test_where_nobody_signs_in_a_link_is_the_only_way(sign_in):
    peggy, browser = known(), sign_in()
    service = f"service.{befriending(email='').pk}"

    form = browser.get(f"/person/{peggy.pk}/refer?to={service}").content.decode()
    refused = send(browser, peggy, service)
    make.role(make.practitioner("Gwen", "Ashton"), "link_worker", organisation=make.organisation("circle"))
    sent = send(browser, peggy, service)

    assert re.findall(r'value="(here|link)" checked', form) == ["link"]
    assert "Nobody of Befriending at home signs in here, so nobody would read it" in words(refused)
    assert (refused.status_code, sent.status_code) == (422, 302)


def test_a_name_that_is_searched_for_stands_in_no_address_and_is_not_kept(sign_in):
    refer()
    browser = tom(sign_in)

    form = browser.get("/referrals").content.decode()
    found = words(browser.post("/referrals", {"of": "answer", "words": "Hargreaves"}))
    none = words(browser.post("/referrals", {"of": "answer", "words": "Nobody"}))
    later_on = words(browser.get("/referrals"))

    assert '<form method="post" action="/referrals"' in form
    assert ["A rail on the stairs" in page for page in (found, none, later_on)] == [True, False, True]
