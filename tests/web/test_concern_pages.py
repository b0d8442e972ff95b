"""The pages of safeguarding concerns: who reads them, who never does, and nothing typed is lost."""

import re

import pytest
from django.utils import timezone

from locality.access.models import Conflict
from locality.access.rules import RoleCode
from locality.base.ids import new_id
from locality.directory.models import Safeguarding
from locality.journal.models import Event
from locality.record.models import Concern
from locality.record.queries import concerns as queries
from tests import factories as make

from .concern_world import RING, SECRET, WHO, browser_of, deputy_team, lead, routes, typed

pytestmark = pytest.mark.django_db

MARKS = (SECRET, WHO)


@pytest.fixture(autouse=True)
def place(db):
    routes()


@pytest.fixture
def peggy():
    return make.peggy("gp")[0]


def sent(browser, peggy, **other) -> str:
    """The address of the concern that was raised."""
    answer = browser.post(f"/person/{peggy.pk}/concern", typed(peggy, **other))
    assert answer.status_code == 302
    return answer.url


def words(browser, address: str) -> str:
    return browser.get(address).content.decode()


# ---- raising


def test_every_page_about_a_person_leads_to_the_form_and_the_form_says_999_first(sign_in, peggy):
    patient = make.Patient.objects.get()
    row = make.resource(patient, make.allergy(id="a1"))
    browser = sign_in()

    pages = [f"/person/{peggy.pk}", f"/person/{peggy.pk}/timeline/all", f"/person/{peggy.pk}/open/{row.thing}"]
    links = [words(browser, page).count(f'href="/person/{peggy.pk}/concern"') for page in pages]
    form = words(browser, f"/person/{peggy.pk}/concern")

    assert links == [1, 1, 1]
    assert re.search(rf"Ring 999 first\.</b> Then ring {RING}\.", form)
    assert form.index("Ring 999 first") < form.index("<textarea")


def test_raised_it_says_who_received_it_and_until_when(sign_in, peggy):
    gwen = lead()
    browser = sign_in()

    page = words(browser, sent(browser, peggy))

    assert "Your concern was received by Council safeguarding" in page
    assert "It is to be acknowledged by" in page
    assert SECRET in page
    assert f"{SECRET} on her arm" in words(browser_of(gwen), f"/concern/{Concern.objects.get().pk}")


def test_nothing_typed_is_lost_when_something_is_missing(sign_in, peggy):
    wrong = {"danger": "", "knows": "", "seen": "", "cause": "someone", "words": f"{SECRET}\n<b>"}

    answer = sign_in().post(f"/person/{peggy.pk}/concern", typed(peggy, **wrong))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', page) == ["danger", "seen", "cause", "knows"]
    assert f"{SECRET}\n&lt;b&gt;</textarea>" in page
    assert (f'value="{WHO}"' in page, 'value="0190f0aa-0000-7000-8000-000000000009"' in page) == (True, True)
    assert Concern.objects.count() == 0


@pytest.mark.parametrize(
    ("told", "field"),
    [({"words": " \u200b "}, "words"), ({"words": "x" * 10_001}, "words"), ({"seen": "x" * 301}, "seen")],
)
def test_what_cannot_be_is_told(sign_in, peggy, told, field):
    answer = sign_in().post(f"/person/{peggy.pk}/concern", typed(peggy, **told))

    assert (answer.status_code, re.findall(r'<li><a href="#(\w+)">', answer.content.decode())) == (422, [field])


def test_pressed_twice_it_is_raised_once(sign_in, peggy):
    browser = sign_in()

    assert sent(browser, peggy) == sent(browser, peggy)
    assert Concern.objects.count() == 1


def test_a_stale_tab_about_another_person_raises_nothing(sign_in, peggy):
    other = make.person("Wojcik", "Stanislaw")
    make.relationship(other)

    answer = sign_in().post(f"/person/{other.pk}/concern", typed(peggy))

    assert (answer.status_code, Concern.objects.count()) == (409, 0)


def test_where_nobody_can_receive_it_the_page_says_whom_to_ring(sign_in, peggy):
    browser = sign_in()

    assert f"nobody can receive it here today. Ring now: {RING}." in words(browser, sent(browser, peggy))


def test_where_the_place_has_not_said_who_receives_them_there_is_no_form(sign_in, peggy):
    Safeguarding.objects.all().delete()
    browser = sign_in()

    page = words(browser, f"/person/{peggy.pk}/concern")
    answer = browser.post(f"/person/{peggy.pk}/concern", typed(peggy))

    assert ("<textarea" in page, "Ring your safeguarding lead" in page) == (False, True)
    assert answer.status_code == 409


def test_whoever_may_not_open_the_record_raises_nothing(sign_in, peggy):
    browser = sign_in("Ruth", "Adler", teams=("hilltop",))

    answers = [browser.get(f"/person/{peggy.pk}/concern"), browser.post(f"/person/{peggy.pk}/concern", typed(peggy))]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_opening_the_form_leaves_the_line_of_opening_the_record_and_no_other(sign_in, peggy):
    sign_in().get(f"/person/{peggy.pk}/concern")

    assert list(Event.objects.filter(person_id=peggy.pk).values_list("what", flat=True)) == ["record.opened"]


# ---- the lead


def test_a_lead_acknowledges_closes_and_prints(sign_in, peggy):
    gwen = lead()
    address = sent(sign_in(), peggy, danger="yes")
    browser = browser_of(gwen)

    home, queue, page = words(browser, "/"), words(browser, "/concerns"), words(browser, address)
    browser.post(f"{address}/acknowledge")
    unsaid = browser.post(f"{address}/close", {"outcome": "", "outcome_words": "Seen at home"})
    closed = browser.post(f"{address}/close", {"outcome": "support", "outcome_words": "Seen at home"})

    assert "Safeguarding concerns to acknowledge" in home
    assert "1 concern waits to be acknowledged, 1 with immediate danger" in queue
    assert "Immediate danger was said when it was raised." in page
    assert (unsaid.status_code, "Seen at home</textarea>" in unsaid.content.decode()) == (422, True)
    assert closed.status_code == 302
    assert "This concern is closed" in words(browser, address)
    assert [mark in words(browser, f"{address}/print") for mark in (*MARKS, "Seen at home")] == [True, True, True]


def undo_of(browser, address: str) -> str:
    return re.search(r'class="undo".*?action="([^"]+)"', words(browser, address), re.DOTALL)[1]


def test_a_lead_undoes_acknowledging_and_closing_by_a_click_and_opens_one_again_with_a_reason(sign_in, peggy):
    gwen = lead()
    address = sent(sign_in(), peggy)
    browser, closing = browser_of(gwen), {"outcome": "support", "outcome_words": "Seen at home"}

    browser.post(f"{address}/acknowledge")
    browser.post(undo_of(browser, address))
    assert "This concern waits to be acknowledged" in words(browser, address)
    browser.post(f"{address}/acknowledge")
    browser.post(f"{address}/close", closing)
    browser.post(undo_of(browser, address))
    assert "This concern is acknowledged" in words(browser, address)
    browser.post(f"{address}/close", closing)
    other = browser_of(lead("Greta"))
    silent = other.post(f"{address}/reopen", {"why": " "})
    again = other.post(f"{address}/reopen", {"why": "He is back"})

    assert (silent.status_code, "Say why it is opened again" in silent.content.decode()) == (422, True)
    assert again.status_code == 302
    page = words(browser, address)
    assert ("This concern is acknowledged" in page, "He is back" in page, page.count("Seen at home")) == (True, True, 2)


def test_it_is_taken_back_by_undo_while_nobody_has_acknowledged_it(sign_in, peggy):
    gwen, browser = lead(), sign_in()
    address = sent(browser, peggy)

    undo = re.search(r'class="undo".*?action="([^"]+)"', words(browser, address), re.DOTALL)[1]
    browser.post(undo)

    assert undo == f"{address}/withdraw"
    assert "You took this concern back" in words(browser, address)
    assert "Taken back" in words(browser_of(gwen), "/concerns")


# ---- wrong eyes


def tries(browser, address: str, peggy) -> dict[str, tuple[int, bool]]:
    """Every way to the concern: what came back, and whether it held anything of it."""
    gets = [address, f"{address}/print", "/concerns", "/", f"/person/{peggy.pk}", f"/person/{peggy.pk}/print"]
    posts = [f"{address}/{step}" for step in ("acknowledge", "close", "withdraw", "put-back", "reopen")]
    answers = {page: browser.get(page) for page in gets}
    answers |= {page: browser.post(page, {"outcome": "support", "outcome_words": "x"}) for page in posts}
    return {
        page.replace(address, "concern"): (answer.status_code, any(mark in answer.content.decode() for mark in MARKS))
        for page, answer in answers.items()
    }


@pytest.mark.parametrize("role", [code for code in RoleCode if code != RoleCode.SAFEGUARDING_LEAD])
def test_no_other_role_finds_it_by_any_way_even_in_the_leads_own_team(sign_in, peggy, role):
    address = sent(sign_in(), peggy)
    lead()
    browser = browser_of(lead("Nora", "Blythe", role=role))

    found = tries(browser, address, peggy)

    assert [page for page, (_, holds) in found.items() if holds] == []
    assert {page: status for page, (status, _) in found.items() if page.startswith("concern")} == {
        "concern": 404,
        "concern/print": 404,
        "concern/acknowledge": 404,
        "concern/close": 404,
        "concern/withdraw": 404,
        "concern/put-back": 404,
        "concern/reopen": 404,
    }
    assert Concern.objects.get().state == "raised"


@pytest.mark.parametrize("why", ["named", "conflict", "another team"])
def test_a_lead_who_must_not_know_sees_the_same_as_if_there_were_none(sign_in, peggy, why):
    gwen = lead(team=deputy_team() if why == "another team" else None)
    lead("Ivy", "Marsh")
    browser = browser_of(gwen)
    before = [plainly(browser, page) for page in ("/", "/concerns", f"/concern/{new_id()}")]
    if why == "conflict":
        told = {"kind": "declared", "starts_on": make.TODAY, "made_at": make.AT, "made_by": make.SYSTEM_ID}
        Conflict.objects.create(practitioner=gwen, person=peggy, **told)
    address = sent(sign_in(), peggy, cause_words="Gwen Lacey" if why == "named" else WHO)

    after = [plainly(browser, page) for page in ("/", "/concerns", address)]

    assert after == before
    assert [page for page, (_, holds) in tries(browser, address, peggy).items() if holds] == []
    assert "1 concern waits" in words(browser_of(make.practitioner("Ivy", "Marsh")), "/concerns")


def plainly(browser, page: str) -> tuple[int, str]:
    """An answer without what differs from page to page: the token, the nonce and the clock."""
    answer = browser.get(page)
    changing = r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"|\d\d:\d\d'
    return answer.status_code, re.sub(changing, "", answer.content.decode())


def test_nobody_signed_in_is_sent_to_sign_in(client, sign_in, peggy):
    address = sent(sign_in(), peggy)

    found = [client.get(page).url for page in (address, f"{address}/print", "/concerns", f"/person/{peggy.pk}/concern")]

    assert [page.partition("?")[0] for page in found] == ["/sign-in"] * 4


def test_another_nurse_of_the_same_team_finds_nothing(sign_in, peggy):
    address = sent(sign_in(), peggy)

    found = tries(sign_in("Tom", "Brierley"), address, peggy)

    assert [page for page, (_, holds) in found.items() if holds] == []
    assert found["concern"][0] == 404


# ---- what it costs


@pytest.mark.parametrize("many", [1, 3])
def test_a_leads_list_asks_the_same_for_one_and_for_three(sign_in, many, django_assert_num_queries):
    browser, who = sign_in(), lead()
    for number in range(many):
        row = make.person("Hargreaves", f"Margaret {number}")
        make.relationship(row)
        sent(browser, row, form=str(new_id()))
    gwen = browser_of(who)
    gwen.get("/concerns")

    # session, viewer; a transaction's two; conflicts and concerns, thrice; names, earlier identities; receipts; audit
    with django_assert_num_queries(14):
        gwen.get("/concerns")


def test_no_closed_concern_is_out_of_reach_and_a_heading_counts_what_is_not_shown_too(sign_in, monkeypatch):
    monkeypatch.setattr(queries, "MOST_DONE", 2)
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)
    browser, who = sign_in(), lead()
    row = make.person("Hargreaves", "Margaret")
    make.relationship(row)
    for _ in range(8):
        sent(browser, row, form=str(new_id()))
    closed = list(Concern.objects.order_by("raised_at").values_list("pk", flat=True)[:5])
    Concern.objects.filter(pk__in=closed).update(state="withdrawn", withdrawn_at=timezone.now())
    gwen = browser_of(who)

    pages = [gwen.get(f"/concerns?done={number}").content.decode() for number in (1, 2, 3, 9)]
    waiting = [gwen.get(f"/concerns?waiting={number}").content.decode() for number in (1, 2)]
    raised = browser.get("/concerns?receipts=4").content.decode()

    reached = [{pk for pk in closed if f'href="/concern/{pk}"' in page} for page in pages]
    assert ([len(found) for found in reached], set.union(*reached)) == ([2, 2, 1, 1], set(closed))
    assert "3 to 4 of 5 closed concerns" in pages[1]
    assert [page.count("3 concerns wait to be acknowledged") for page in waiting] == [1, 1]
    assert ("3 concerns, not acknowledged first" in waiting[0], "3 to 3 of 3 open concerns" in waiting[1]) == (
        True,
        True,
    )
    assert ("You raised 8 concerns" in raised, "7 to 8 of 8 concerns that you raised" in raised) == (True, True)
