"""Moving a service, as an administrator and the two sides see it; closed to everybody else."""

import re
from html import unescape

import pytest
import time_machine

from locality.access.models import Objection
from locality.access.rules import RoleCode
from locality.directory.models import Place, Team
from locality.directory.pack import pack_folder
from locality.neighbourhoods.actions import transfer_moving, transfers
from locality.neighbourhoods.models import Message, Transfer
from locality.neighbourhoods.queries.transfers import waiting
from tests import factories as make
from tests.neighbourhoods.transfer_world import (
    administrator,
    agreed,
    at_work,
    moved,
    new_side,
    northmoor,
    old_side,
    planned,
    referral,
    service,
)

pytestmark = pytest.mark.django_db
LIST_QUERIES, ONE_QUERIES = 7, 37
MAY = {RoleCode.ADMINISTRATOR, RoleCode.BOARD, RoleCode.CARE_COORDINATOR}


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(make.AT, tick=False):
        yield


def words(answer) -> str:
    page = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(page).split())


@pytest.fixture
def sam(sign_in):
    return sign_in("Sam", "Whitaker", roles=("administrator",), teams=())


@pytest.fixture
def olive(sign_in):
    """Of the board of the organisation that it moves from."""
    return sign_in("Olive", "Marsh", roles=("board",), teams=())


@pytest.fixture
def nadia(sign_in):
    """Of the board of the organisation that it moves to."""
    make.practitioner("Nadia", "Frost", employer=northmoor())
    return sign_in("Nadia", "Frost", roles=("board",), teams=())


def test_from_plan_to_both_signatures_each_side_does_its_own(sam, olive, nadia):
    world = at_work()
    service()
    told = {"from": "RSB", "to": "NOR", "on": "5/11/2026", "why": "One trust", "team": str(make.team().pk)}
    sam.post("/place/moves/new", told)
    at = f"/place/moves/{Transfer.objects.get().pk}"

    seen = [words(sam.get(at))]
    sam.post(f"{at}/change", {"on": "2026-11-05", "stays": str(world["ines"].pk)})
    olive.post(f"{at}/agree", {"words": "We count the same"})
    refused = olive.post(f"{at}/agree", {"words": ""})
    nadia.post(f"{at}/agree", {"words": ""})
    sam.post(f"{at}/start")
    seen.append(words(nadia.get(at)))
    olive.post(f"{at}/sign", {"signed": ""})
    nadia.post(f"{at}/sign", {"signed": "One post is vacant"})
    seen.append(words(sam.get(at)))

    assert "Riverside team moves from Smallborough Hospitals to Northmoor Community" in seen[0]
    assert "People on the caseload 2 0 not yet Goes with its team or service, as it is" in seen[0]
    assert (refused.status_code, "Your organisation has agreed already: Olive Marsh did" in words(refused)) == (
        422,
        True,
    )
    assert "It has moved, and the counts are the same" in seen[1]
    assert "People on the caseload 2 2 0 The same" in seen[1]
    assert "Moved, and signed by both" in seen[2]
    assert "Nadia Frost , board" not in seen[2]
    assert Transfer.objects.get().state == "signed"


def test_the_plan_says_what_ends_for_whom_and_whom_to_talk_to_before(sam):
    world = at_work()
    told = {
        "kind": "sharing",
        "starts_on": make.TODAY,
        "reason": "Asked",
        "made_at": make.AT,
        "made_by": make.SYSTEM_ID,
    }
    Objection.objects.create(person=world["peggy"], **told)

    page = words(sam.get(f"/place/moves/{planned(stays=(world['ines'].pk,)).pk}"))

    assert "1 practitioner does not move" in page
    assert "1 of the people on the caseload lose who coordinates their care" in page
    assert "1 of the tasks go back to the team" in page
    assert "1 person on the caseload objects to sharing what Smallborough Hospitals wrote" in page


def test_undoing_shows_first_what_goes_back_and_what_stands_in_the_way(sam):
    at_work()
    row = moved()
    at = f"/place/moves/{row.pk}/undo"

    before = words(sam.get(at))
    make.member(make.practitioner("Nora", employer=northmoor()), make.team(), starts_on=make.TODAY)
    after = sam.post(at)

    assert "Undo it: Nursing and Riverside team go back to Smallborough Hospitals" in before
    assert "3 times in a team begun" in before
    assert after.status_code == 422
    assert "1 begun since at the new organisation" in words(after)
    assert Transfer.objects.get().state == "moved"


def test_undone_it_can_be_moved_again_by_whoever_presses(sam):
    at_work()
    row = moved()

    back = sam.post(f"/place/moves/{row.pk}/undo", follow=True)

    assert "Undone: all of it is as it was before it moved." in words(back)
    assert "It does not move by itself again" in words(back)
    assert Transfer.objects.get().state == "agreed"


def test_what_came_since_is_taken_along_before_anybody_signs(sam, nadia):
    world, row = at_work(), moved()
    referral(world["peggy"])
    at = f"/place/moves/{row.pk}"

    refused = nadia.post(f"{at}/sign", {"signed": ""})
    told = words(sam.get(at))
    sam.post(f"{at}/along")

    assert refused.status_code == 422
    assert "It has moved, and something came since" in told
    assert "It has moved, and the counts are the same" in words(nadia.get(at))


def test_stopped_the_page_says_why_and_that_nothing_moved(sam, monkeypatch):
    at_work()
    row = agreed()
    monkeypatch.setattr("locality.neighbourhoods.actions.transfer_rows.posts", lambda **_: None)

    page = words(sam.post(f"/place/moves/{row.pk}/start", follow=True))

    assert "It was stopped, and nothing has moved" in page
    assert "Posts: 1 before, 0 after, 1 left behind" in page


def test_it_prints_for_two_boards_and_withdrawn_it_is_over(sam):
    row = planned()

    paper = words(sam.get(f"/place/moves/{row.pk}/print"))
    sam.post(f"/place/moves/{row.pk}/withdraw")

    assert "Signature and day" in paper
    assert "No service is about to move" in words(sam.get("/place/moves"))


def test_nothing_chosen_is_told_with_all_that_was_typed(sam):
    northmoor()
    make.team()

    page = sam.post("/place/moves/new", {"from": "RSB", "to": "NOR", "on": "soon", "why": "One trust"})

    told = words(page)
    assert page.status_code == 422
    assert ("Tick at least one team or service." in told, "is not a day" in told, "One trust" in told) == (True,) * 3


@pytest.mark.parametrize("code", sorted(RoleCode))
def test_who_sees_moves_and_who_does_not(sign_in, code):
    row = planned()
    browser = sign_in("Ruth", "Adler", roles=(code,), teams=())

    found = [browser.get(at).status_code for at in ("/place/moves", f"/place/moves/{row.pk}", "/place/moves/new")]

    seen = 200 if code in MAY else 403
    assert found == [seen, seen, 200 if code == RoleCode.ADMINISTRATOR else 403]


def test_to_the_board_of_a_third_organisation_it_is_not_there(sign_in):
    row = planned()
    make.practitioner("Graham", "Pollard", employer=make.organisation("council"))
    other = sign_in("Graham", "Pollard", roles=("board",), teams=())

    assert other.get(f"/place/moves/{row.pk}").status_code == 404
    assert "No service is about to move" in words(other.get("/place/moves"))


@pytest.mark.parametrize("way", ["agree", "sign", "start", "along", "undo", "withdraw", "change"])
def test_a_nurse_changes_nothing_of_it(sign_in, way):
    row = agreed()
    before = Transfer.objects.values().get()

    answer = sign_in().post(f"/place/moves/{row.pk}/{way}", {"on": "2026-12-01"})

    assert (answer.status_code, Transfer.objects.values().get()) == (403, before)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(sam, django_assert_num_queries, many):
    for number in range(many):
        planned(teams=(make.team(f"team{number}").pk,), services=(service(f"service{number}").pk,))
    sam.get("/place/moves")

    with django_assert_num_queries(LIST_QUERIES):
        page = sam.get("/place/moves")

    assert words(page).count("Waiting for Smallborough Hospitals and Northmoor Community to agree") == many


@pytest.mark.parametrize("many", [1, 3])
def test_one_asks_as_much_with_one_team_as_with_three(sam, django_assert_num_queries, many):
    teams = [make.team(f"team{number}").pk for number in range(many)]
    row = planned(teams=tuple(teams))
    sam.get(f"/place/moves/{row.pk}")

    with django_assert_num_queries(ONE_QUERIES):
        assert sam.get(f"/place/moves/{row.pk}").status_code == 200


def test_what_waits_for_a_side_is_told_to_it_alone_until_it_has_answered():
    row = planned()

    told = [[one.id for one in waiting(viewer=by)] for by in (old_side(), new_side(), make.viewer())]
    transfers.agree(transfer=row.pk, words="", by=old_side())
    after = [[one.id for one in waiting(viewer=by)] for by in (old_side(), new_side())]
    transfers.agree(transfer=row.pk, words="", by=new_side())
    transfer_moving.move(transfer=row.pk, by=administrator())

    assert told == [[row.pk], [row.pk], []]
    assert after == [[], [row.pk]]
    assert [one.id for one in waiting(viewer=old_side())] == [row.pk]


# ---- the people are told


@pytest.fixture
def signed(sam):
    """Moved and signed by both, at a place whose words are those of Bury's pack."""
    at_work()
    row = moved()
    Place.objects.update(folder=str(pack_folder("bury")))
    for side in (old_side(), new_side()):
        transfers.sign(transfer=row.pk, words="", by=side)
    return f"/place/moves/{row.pk}"


def test_the_new_side_is_shown_who_gets_what_and_writes_once_and_the_page_counts_what_became_of_it(nadia, signed):
    seen = [words(nadia.get(signed)), words(nadia.get(f"{signed}/people"))]
    seen.append(words(nadia.post(f"{signed}/people", follow=True)))
    again = nadia.post(f"{signed}/people")

    assert "Nobody on the caseload was written to yet. Write to the people" in seen[0]
    assert "Write to 2 people: their care moved to Northmoor Community" in seen[1]
    assert "0 can sign in, and read it on their own pages 2 get a letter." in seen[1]
    assert "Dear (their name), Your care comes from the Riverside team." in seen[1]
    assert "The people were written to Nadia Frost began it" in seen[2]
    assert "2 letters wait in the outbox of the team" in seen[2]
    assert (again.status_code, "There is nobody left to write to. Nadia Frost began" in words(again)) == (422, True)
    assert Message.objects.filter(about="transfer").count() == 2


def test_the_pages_of_telling_people_name_nobody(nadia, signed):
    nadia.post(f"{signed}/people")

    pages = " ".join(words(nadia.get(at)) for at in (signed, f"{signed}/people"))

    assert [name in pages for name in ("Hargreaves", "Peggy", "Bright", "Stan ", "Weaver")] == [False] * 5


def test_neither_the_old_side_nor_an_administrator_of_another_is_offered_it_or_may(olive, signed, sign_in):
    make.practitioner("Graham", "Pollard", employer=make.organisation("council"))
    graham = sign_in("Graham", "Pollard", roles=("administrator",), teams=())

    told = [words(one.get(signed)) for one in (olive, graham)]
    answers = [getattr(one, way)(f"{signed}/people").status_code for one in (olive, graham) for way in ("get", "post")]

    assert ["Write to the people" in one or "written to" in one for one in told] == [False, False]
    assert answers == [403] * 4
    assert Message.objects.filter(about="transfer").count() == 0


def test_before_both_signed_the_page_says_that_it_may_still_be_undone(nadia):
    at_work()
    row = moved()

    asked = nadia.get(f"/place/moves/{row.pk}/people")

    assert "They are written to once both organisations have signed" in words(asked)
    assert "Write to the people" not in words(nadia.get(f"/place/moves/{row.pk}"))


def test_what_is_missing_stands_where_the_button_would(nadia, signed):
    Place.objects.update(folder="")
    Team.objects.update(phone="")

    page = words(nadia.get(f"{signed}/people"))

    assert "This stands in the way" in page
    assert "Riverside team has no telephone number" in page
    assert "No, go back" not in page
