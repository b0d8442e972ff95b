"""Everything is asked for by everybody: what came back is judged by its words, and by the lines written of it."""

from collections import defaultdict
from itertools import product
from uuid import UUID

import pytest

from tests.proof import expected, routes, test_roles
from tests.proof.crawl import Answer, crawled
from tests.proof.markers import told
from tests.proof.test_roles import ALONE_OPEN, RELATIONS
from tests.proof.world import World


@pytest.fixture(scope="package")
def crawl() -> dict[str, list[Answer]]:
    """The answers by viewer, filled by the first test that needs them."""
    return {}


@pytest.fixture
def answers(world, crawl) -> dict[str, list[Answer]]:
    for key, looker in world.lookers.items():
        if key not in crawl:
            crawl[key] = crawled(world, looker, routes.whole(world, looker))
    return crawl


def test_no_route_is_left_out(world, answers):
    reached = {answer.ask.route for some in answers.values() for answer in some}

    assert routes.routes().keys() - reached - routes.CHANGES == set(), routes.HOW
    assert (routes.CHANGES | routes.LOOKS) - routes.routes().keys() == set()


def test_every_route_is_asked_for_by_everybody_and_every_one_about_a_person_in_every_relation(world, answers):
    """Everything that can be opened, times everybody there is, times every reason to know somebody."""
    relations = {world.people[key].person for key in RELATIONS}
    opened = {name: route for name, route in routes.routes().items() if name not in routes.CHANGES - routes.READ_TOO}
    about = {name for name, route in opened.items() if "person_id" in routes.parts(route)}
    due = set(product(about, relations)) | set(product(opened.keys() - about, [None]))

    missed = {key: due - {(one.ask.route, one.ask.person) for one in some} for key, some in answers.items()}

    assert missed == dict.fromkeys(world.lookers, set())


def test_every_role_has_the_answer_of_the_table_on_every_route(world, answers):
    relations = {None, *(world.people[key].person for key in RELATIONS)}
    judged, wrong = 0, []
    for key in answers.keys() - {"nobody"}:
        for answer in answers[key]:
            if answer.ask.person in relations and answer.ask.is_opened_plainly:
                due = test_roles.due(world, world.lookers[key], answer.ask)
                judged += due is not None
                wrong += [f"not {due}: {answer}"] if due not in (None, answer.status) else []

    assert wrong == []
    assert judged > 2500, f"only {judged} answers stand in the table"


def test_nobody_comes_in_without_signing_in(answers):
    closed = [one for one in answers["nobody"] if one.ask.route not in test_roles.OPEN_TO_ALL.keys() | ALONE_OPEN]

    assert [str(one) for one in closed if one.status != 302] == []
    assert {one.ask.route for one in closed} >= routes.routes().keys() - routes.CHANGES - test_roles.OPEN_TO_ALL.keys()


def test_a_form_that_can_only_be_sent_is_told_of(answers):
    """What answers 405 to being opened must stand among the forms that look or those that change."""
    closed = {answer.ask.route for some in answers.values() for answer in some if answer.status == 405}

    assert closed - routes.CHANGES - routes.LOOKS == set(), routes.HOW


def test_no_page_fails(answers):
    failed = [str(answer) for some in answers.values() for answer in some if answer.status >= 500]

    assert failed == []


def test_no_viewer_is_shown_a_word_they_have_no_right_to(world, answers):
    leaks = [
        f"{marker} in {answer}"
        for key, some in answers.items()
        for answer in some
        for marker in sorted(answer.markers, key=str)
        if not expected.may_see(marker, world.lookers[key], world) and not _typed(marker.text, answer)
    ]

    assert leaks == [], "\n".join(leaks)


def _typed(word: str, answer: Answer) -> bool:
    return word in str(answer.ask.data)


def test_every_word_is_shown_to_somebody_who_may_see_it(world, answers):
    """Without this, a page that shows nothing to anybody would prove that nothing leaks."""
    seen = defaultdict(set)
    for key, some in answers.items():
        seen[key] = {marker for answer in some for marker in answer.markers if not _typed(marker.text, answer)}

    missed = {
        key: told(marker for marker in world.markers.every if _should_be_seen(world, key, marker) - seen[key])
        for key in answers
    }

    assert {key: words for key, words in missed.items() if words} == {}


def _should_be_seen(world: World, key: str, marker) -> set:
    """All lines of one person are crawled: of them, everything must be there for everybody who may see it."""
    told = marker.of == "own" or marker.data_class == "DESK"
    if world.lookers[key].person and marker.data_class != "DESK":
        # their own pages hold lines and what they carry, and no address, number or original
        carried = not marker.inside or marker.what.startswith("attachment")
        told = told and marker.data_class not in ("NAME", "ID", "LOC") and carried
    may = marker.shown and told and expected.may_see(marker, world.lookers[key], world)
    return {marker} if may else set()


def test_whoever_an_answer_names_is_written_down_by_the_request_that_named_them(world, answers):
    silent = [
        f"{sorted(_keys(world, answer.people - answer.written))} in {answer}"
        for key, some in answers.items()
        for answer in some
        # at the top of every page stands who is signed in
        if answer.people - answer.written - _at_the_top(world, key)
    ]

    assert silent == [], "\n".join(silent)


def _at_the_top(world: World, key: str) -> set[UUID]:
    """Who is signed in, and whom they act for, stand at the top of every page."""
    looker = world.lookers[key]
    whom = {world.people[looker.acts_for].person} if looker.acts_for else set()
    return whom | ({looker.person} if looker.person else set())


def test_nobody_is_written_down_as_shown_who_was_not(world, answers):
    """A person's own address is a look at them, whatever it shows."""
    untrue = [
        f"{sorted(_keys(world, answer.written - answer.people - {answer.ask.person}))} in {answer}"
        for some in answers.values()
        for answer in some
        if answer.written - answer.people - {answer.ask.person} - _told_by_the_viewer(world, answer)
    ]

    assert untrue == [], "\n".join(untrue)


def _told_by_the_viewer(world: World, answer: Answer) -> set[UUID]:
    """What somebody typed is on the page already: that they typed it does not show that it was found."""
    sent = f"{answer.ask.path} {answer.ask.data}"
    alias = {world.ids["alias"]: world.people["merged"].person}.get(answer.ask.person, answer.ask.person)
    typed = {one.person for one in world.people.values() if one.family in sent or one.nhs_number in sent}
    if answer.ask.route in ("me_file", "me_note_file"):
        # a file of one's own need not name one
        typed |= {world.people["own"].person}
    return typed | {one.person for one in world.people.values() if str(one.person) in sent} | {alias}


def _keys(world: World, people) -> list[str]:
    names = {one.person: one.key for one in world.people.values()}
    return [names.get(person, str(person)) for person in people]


def test_every_refusal_is_written_down_once_with_whom_it_was_about(world, answers):
    """What is not there, or must look so, is one line too, that names nobody: no line tells the one from the other."""
    wrong = [
        f"{answer.refusals} for {answer}"
        for key, some in answers.items()
        for answer in some
        if key != "nobody" and _due(answer) != answer.refusals
    ]

    assert wrong == [], "\n".join(wrong)


def _due(answer: Answer) -> list[tuple[str, UUID | None]]:
    what = f"page.{answer.ask.route}"
    if answer.status == 404:
        return [] if routes.routes()[answer.ask.route].callback.need.action == "open" else [(what, None)]
    return [(what, answer.ask.person)] if answer.status in (403, 409) else []
