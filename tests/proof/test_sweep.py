"""The ids of what one viewer was shown are replaced by others'; and what is hidden looks as what is not there."""

from uuid import UUID

import pytest
from django.urls import reverse

from locality.access.models import Objection, Proxy
from locality.journal.models import Event
from locality.web.guard import Need
from tests.proof import routes
from tests.proof.crawl import CHANGING, ask, plain, said
from tests.proof.routes import ABSENT, Ask
from tests.proof.sweeping import Others, asked_by, everything_held, forms_on, of, swapped
from tests.proof.world import Looker, World

PAGES = ("person", "person_print", "timeline", "consent", "document", "not_hers", "identity_person", "confirm_person")


def pages_shown(world: World, looker: Looker) -> list[Ask]:
    """The pages one viewer is shown of one of their own, and their home."""
    found = [one for one in routes.reached(world, keys=["own"], lines_of=["own"]) if one.route in PAGES]
    found += [Ask(name, reverse(name)) for name in ("home", "find", "add", "identity", "my_access")]
    pair = {"pair_id": world.ids["pair"]}
    return [*found, Ask("identity_pair", reverse("identity_pair", kwargs=pair), pair)]


def shown_to(world: World, looker: Looker) -> list[Ask]:
    """Every request that these pages offer, and the forms that only change something."""
    asks = []
    for page in pages_shown(world, looker):
        response = ask(looker, page)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            asks += [one for form in forms_on(response.content.decode()) if (one := asked_by(form)) is not None]
            asks.append(page)
    # that somebody must not look at a person is for anybody to say, of anybody
    return [one for one in asks if one.route not in ("sign_out", "choose_role", "sign_in", "help", "conflict")]


def others(world: World) -> Others:
    lines = [world.thing(f"own-{mark}") for mark in ("V-gp", "locked-gp", "personally-locked-gp", "wrong-gp")]
    lines += [world.thing("unknown-problem"), world.thing("before-problem")]
    rows = [world.ids["objection_id"], world.ids["proxy_id"], world.ids["pair of the earlier"], world.ids["refused"]]
    return Others(of(world, "unknown", "before"), tuple(lines), tuple(rows))


def test_another_ones_id_in_any_address_or_form_opens_nothing_and_changes_nothing(world):
    looker, hidden = world.lookers["clinician"], others(world)
    asks = list(swapped(shown_to(world, looker), hidden))
    before, about = everything_held(), {str(one) for one in hidden.people}
    wrong, silent = [], []

    for one in asks:
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        response = ask(looker, one)
        if response.status_code not in (403, 404, 409) and not _only_looks(one):
            wrong.append(f"{response.status_code}: {one}")
        found = world.markers.found_in(said(response))
        wrong += [
            f"{marker} in {one}"
            for marker in found
            if marker.of in ("unknown", "before") and marker.data_class != "NAME"
        ]  # noqa: E501
        refused = list(Event.objects.filter(pk__gt=last, outcome="refused").values_list("what", flat=True))
        if refused != [f"page.{one.route}"] * (response.status_code in (403, 404, 409)):
            silent.append(f"{refused}: {response.status_code} {one}")
    after = everything_held()

    assert wrong == []
    assert silent == []
    assert {table for table in before if before[table] != after[table]} == set()
    assert len(asks) > 300, f"only {len(asks)} requests about {about}"


# people are askable: whoever may find may make sure of the right one, and is written down; and may then say why
ASKABLE = {"confirm_person", "break_glass", "open_person", "find", "add"}


def _only_looks(one: Ask) -> bool:
    return one.route in ASKABLE and (one.method == "GET" or one.route != "break_glass")


def test_a_row_of_somebody_else_is_not_ended_under_ones_own_person(world):
    """The person in the address is one's own and the row in it another's: the pair must not pass for a reason."""
    looker, own = world.lookers["clinician"], world.people["own"].person
    about = {"about": str(own), "words": "They said so"}
    theirs = {"person_id": own, "proxy_id": world.ids["proxy_id"]}
    objectors = {"person_id": own, "objection_id": world.ids["objection_id"]}

    answers = [
        ask(looker, Ask(name, reverse(name, kwargs=told), told, "POST", about)).status_code
        for name, told in (("proxy_ended", theirs), ("objection_withdrawn", objectors))
    ]

    assert answers[0] in (403, 404, 409)
    assert Proxy.objects.get(pk=world.ids["proxy_id"]).ended_at is None
    assert Objection.objects.get(pk=world.ids["objection_id"]).ended_at is None
    assert answers[1] in (403, 404, 409)


@pytest.mark.parametrize("key", ["clinician", "link_worker", "identity_custodian", "administrator", "stranger"])
def test_a_stale_tab_does_nothing(world, key):
    looker, own = world.lookers[key], world.people["own"].person
    before = everything_held()

    answers = {}
    for name, route in routes.routes().items():
        named = routes.parts(route)
        if "person_id" not in named:
            continue
        told = {part: (routes.values(world, name, part, "own") or [ABSENT])[0] for part in named}
        told["person_id"] = own
        for about in (str(world.people["objector"].person), "", None):
            data = {} if about is None else {"about": about}
            data |= {"reason": "No", "words": "No", "why": "emergency", "kind": "sharing", "sure": "yes"}
            answers[name, about] = ask(looker, Ask(name, reverse(name, kwargs=told), told, "POST", data)).status_code

    assert {mark: status for mark, status in answers.items() if status != 409} == {}
    assert everything_held() == before


@pytest.mark.parametrize("key", ["clinician", "administrator", "identity_custodian", "privacy_officer", "herself"])
def test_a_form_that_changes_something_does_nothing_when_it_is_only_opened(world, key):
    """A link can be followed by a browser that looks ahead, or put into a mail: what acts has to be sent."""
    looker, before = world.lookers[key], everything_held()

    wrong = {}
    # a link in a mail is there to be followed: it only carries its secret to the form
    for name in sorted(routes.CHANGES - routes.READ_TOO - {"follow_link", "referral_follow"}):
        route = routes.routes()[name]
        told = {part: (routes.values(world, name, part, "own") or [ABSENT])[0] for part in routes.parts(route)}
        status = ask(looker, Ask(name, reverse(name, kwargs=told), told)).status_code
        if status not in _closed_to_looking(route.callback.need, looker):
            wrong[name] = status

    assert wrong == {}
    assert everything_held() == before


def _closed_to_looking(need: Need, looker: Looker) -> set[int]:
    """Not there for the other kind of viewer; else not to be opened, or only after proving again who one is."""
    if need.action != "open" and not (need.people if looker.person else need.practitioners):
        return {404}
    return {405, 302} if need.is_fresh else {405}


# ---- hidden and absent

HIDDEN = {
    "restricted": "own-R-gp",
    "very restricted": "own-V-gp",
    "sealed": "own-sealed-gp",
    "locked": "own-locked-gp",
    "sealed by the person": "own-personally-sealed-gp",
    "locked by the person": "own-personally-locked-gp",
    "of one's own organisation": "own-sealed-acute",
    "entered in error": "own-wrong-gp",
    "a sealed letter": "own-sealed-letter-gp",
    "safeguarding": "own-flag",
    "of another person": "unknown-problem",
    "of an earlier identity": "before-problem",
}


@pytest.mark.parametrize("name", ["document", "original", "not_hers", "attachment", "hers_after_all", "seal"])
@pytest.mark.parametrize("what", HIDDEN)
def test_a_hidden_line_answers_as_one_that_is_not_there(world, name, what):
    looker = world.lookers["clinician"]

    things = (world.thing(HIDDEN[what]), ABSENT)

    hidden, absent = (_of_line(world, looker, name, thing) for thing in things)

    assert hidden == absent
    assert hidden[0] == 404
    lines = Event.objects.order_by("-pk")[:2]
    assert [one.about_id for one in lines] == [*reversed(things)]
    assert {(one.what, one.outcome, one.person_id, str(one.detail)) for one in lines} == {
        (f"page.{name}", "refused", None, str(lines[0].detail))
    }


def _of_line(world: World, looker: Looker, name: str, thing: UUID) -> tuple[int, str]:
    own = world.people["own"].person
    told = {"person_id": own, "thing": thing} | ({"number": 0} if name == "attachment" else {})
    method = "POST" if name == "hers_after_all" else "GET"
    response = ask(
        looker, Ask(name, reverse(name, kwargs=told), told, method, {"about": str(own)} if method == "POST" else {})
    )  # noqa: E501
    return response.status_code, plain(said(response)).replace(str(thing), "")


@pytest.mark.parametrize("key", ["clinician", "safeguarding_lead", "link_worker", "stranger", "analyst"])
def test_an_earlier_identity_answers_as_a_person_who_is_not_there(world, key):
    looker, before = world.lookers[key], world.people["before"].person

    told = {}
    for name, route in routes.routes().items():
        if routes.parts(route) == ["person_id"]:
            for method in ("GET", "POST"):
                told[name, method] = [_of_person(looker, name, method, one) for one in (before, ABSENT)]

    assert {mark: both[0][0] for mark, both in told.items() if both[0] != both[1]} == {}


def _of_person(looker: Looker, name: str, method: str, person: UUID) -> tuple[int, str]:
    data = {
        "about": str(person),
        "why": "emergency",
        "words": "They need me now",
        "kind": "sharing",
        "conflict": "declared",
    }  # noqa: E501
    path = reverse(name, kwargs={"person_id": person})
    response = ask(looker, Ask(name, path, {}, method, data if method == "POST" else {}))
    return response.status_code, CHANGING.sub("", said(response)).replace(str(person), "")


@pytest.mark.parametrize(("name", "part", "hidden"), [
    ("identity_pair", "pair_id", "pair of the earlier"),
    ("identity_say", "pair_id", "pair of the earlier"),
    ("identity_take_back", "label_id", "label of the earlier"),
])  # fmt: skip
def test_a_doubt_about_an_earlier_identity_answers_as_one_that_is_not_there(world, name, part, hidden):
    looker, told = world.lookers["identity_custodian"], []

    for one in (world.ids[hidden], ABSENT):
        method = "GET" if name == "identity_pair" else "POST"
        data = {"answer": "same", "reason": "No", "seen": "x"} if method == "POST" else {}
        response = ask(looker, Ask(name, reverse(name, kwargs={part: one}), {}, method, data))
        told.append((response.status_code, plain(said(response)).replace(str(one), "")))

    assert told[0] == told[1]
    assert told[0][0] == 404
