"""The queue of doubts, on its page, on paper and on the custodian's home: for the custodian and nobody else."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from locality.journal.models import Event
from locality.people.models import Pair, Patient
from tests import factories as make

pytestmark = pytest.mark.django_db

GROWN = {"birth_on": date(1960, 3, 14), "birth_text": "1960-03-14", "nhs_number": ""}


@pytest.fixture
def desmond(sign_in):
    return sign_in("Desmond", "Clarke", roles=("identity_custodian",), teams=())


def somebody(family: str, source: str, **other) -> Patient:
    row = make.person(family, "Peg", **(GROWN | other))
    return make.patient(row, make.source(source), local_id=f"{source}-{family}")


def doubt(family: str = "Hargreaves", **other) -> Pair:
    return make.pair(somebody(family, "gp"), somebody(family, "acute"), **other)


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_the_answer_comes_in_words_before_the_list(desmond):
    doubt("Ash", asked_at=datetime(2026, 11, 3, 9, tzinfo=UTC))
    doubt("Oak", asked_at=datetime(2026, 11, 4, 9, tzinfo=UTC))

    words = words_of(desmond.get("/identity"))

    assert "<h1>2 pairs wait; the oldest since Tue 3 Nov 2026</h1>" in words
    assert words.index("2 pairs wait") < words.index("ASH, Peg and ASH, Peg")


def test_one_pair_is_said_as_one(desmond):
    doubt(asked_at=datetime(2026, 11, 3, 9, tzinfo=UTC))

    assert "<h1>1 pair waits, since Tue 3 Nov 2026</h1>" in words_of(desmond.get("/identity"))


def test_an_empty_queue_says_what_would_be_here(desmond):
    make.source("gp")

    words = words_of(desmond.get("/identity"))

    assert "<h1>No pair waits</h1>" in words
    assert "Nothing is in doubt. Two records come here when the machine finds that they may be one person" in words


def test_nothing_of_that_kind_says_so_and_offers_all(desmond):
    doubt()

    words = words_of(desmond.get("/identity?source=nowhere"))

    assert "No pair that waits is like this, of 1 pair in all." in words
    assert "Show all" in words


@pytest.mark.parametrize("address", ["/identity", "/identity/print", "/"])
@pytest.mark.parametrize("pairs", [1, 3])
def test_the_lists_cost_the_same_for_one_pair_and_for_three(desmond, address, pairs, django_assert_num_queries):
    for number in range(pairs):
        doubt(f"Ash{number}")
    desmond.get("/find")

    # session, viewer; what is at stake; the sum and the page; the audit; the transaction's own two.
    # On screen besides: how fast they were decided; and to choose from, the neighbourhoods.
    besides = {"/identity": 2, "/identity/print": 0, "/": 1}
    with django_assert_num_queries(8 + besides[address]):
        desmond.get(address)


def test_the_queue_comes_in_pages(desmond):
    for number in range(27):
        doubt(f"Ash{number:02}")

    first, second = words_of(desmond.get("/identity")), words_of(desmond.get("/identity?page=2"))

    assert ("Showing 25 of 27" in first, "Page 1 of 2" in first, "Page 2 of 2" in second) == (True, True, True)
    assert (first.count('<li class="doubt'), second.count('<li class="doubt')) == (25, 2)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999", "²"])
def test_a_page_that_is_none_is_answered_all_the_same(desmond, page):
    doubt()

    assert desmond.get("/identity", {"page": page}).status_code == 200


def test_the_way_to_a_pair_keeps_what_was_chosen(desmond):
    pair = doubt()

    words = words_of(desmond.get("/identity?source=gp&unsure=no"))

    assert f'href="{reverse("identity_pair", args=[pair.pk])}?source=gp"' in words


def test_how_likely_it_is_stays_unsaid_where_an_address_is_protected(desmond):
    make.pair(somebody("Ash", "gp", protected=True), somebody("Ash", "acute"), probability=0.87)

    words = words_of(desmond.get("/identity"))

    assert ("A protected address" in words, "87 in 100" in words) == (True, False)


def test_on_paper_stands_who_printed_it_and_every_pair_with_its_reasons(desmond):
    pair = doubt()
    Pair.objects.filter(pk=pair.pk).update(cautions=["They may be twins."])

    words = words_of(desmond.get("/identity/print"))

    assert "by Desmond Clarke" in words
    assert "HARGREAVES, Peg and HARGREAVES, Peg" in words
    assert "They may be twins." in words


def test_the_custodians_home_shows_doubts_first(desmond):
    doubt()

    words = words_of(desmond.get("/"))

    assert (
        words.index("1 pair waits")
        < words.index("HARGREAVES, Peg and HARGREAVES, Peg")
        < words.index("Find a person</h2>")
    )


def test_a_home_without_doubts_says_when_they_come(desmond):
    make.source("gp")

    assert "Nothing is in doubt now." in words_of(desmond.get("/"))


def addresses() -> dict[str, str]:
    """Every address of these pages that is read."""
    pair = doubt()
    person = pair.first.links.get().person_id
    return {
        "identity": "/identity",
        "identity_print": "/identity/print",
        "identity_pair": reverse("identity_pair", args=[pair.pk]),
        "identity_decisions": "/identity/decisions",
        "identity_person": reverse("identity_person", args=[person]),
    }


@pytest.mark.parametrize("name", list(range(5)))
@pytest.mark.parametrize("role", ["clinician", "privacy_officer", "administrator", "analyst"])
def test_nobody_else_comes_in_and_nothing_is_shown(sign_in, role, name):
    name, address = list(addresses().items())[name]

    answer = sign_in(roles=(role,)).get(address)

    words = answer.content.decode()
    assert answer.status_code == 403
    assert [leak for leak in ("HARGREAVES", "Hargreaves", "Peg") if leak in words] == []
    assert Event.objects.get(outcome="refused").what == f"page.{name}"


def test_nobody_else_is_shown_the_way_there(sign_in):
    assert ("/identity" in sign_in().get("/find").content.decode()) is False


def test_a_person_found_by_the_custodian_opens_as_an_identity_and_not_as_a_record(desmond):
    person = make.person()
    make.patient(person, make.source("gp"))

    answer = desmond.post(reverse("open_person", args=[person.pk]), {"about": str(person.pk)})

    assert answer.url == reverse("identity_person", args=[person.pk])


def test_a_nurse_who_found_the_person_still_opens_the_record(sign_in):
    person, _ = make.peggy("gp")

    answer = sign_in().post(reverse("open_person", args=[person.pk]), {"about": str(person.pk)})

    assert answer.url == reverse("person", args=[person.pk])


def test_practitioners_are_warned_on_both_records_and_given_no_way_to_decide(sign_in):
    one, (gp,) = make.peggy("gp")
    two = make.person("Hargreaves", "Margaret", nhs_number="")
    make.relationship(two)
    make.pair(gp, make.patient(two, make.source("acute")))
    joanne = sign_in()

    pages = [words_of(joanne.get(f"/person/{person.pk}")) for person in (one, two)]

    assert [("Is this the right person?" in words, "/identity" in words) for words in pages] == [(True, False)] * 2


def test_the_warning_is_gone_once_it_is_decided(sign_in):
    one, (gp,) = make.peggy("gp")
    pair = make.pair(gp, somebody("Zielinski", "acute"))
    decider = sign_in("Desmond", "Clarke", roles=("identity_custodian",), teams=())
    seen = decider.get(reverse("identity_pair", args=[pair.pk])).content.decode().split('name="seen" value="')[1][:20]

    decider.post(reverse("identity_say", args=[pair.pk]), {"answer": "different", "reason": "Two people", "seen": seen})

    assert "Is this the right person?" not in words_of(sign_in().get(f"/person/{one.pk}"))


def test_who_is_shown_is_written_down_once_each(desmond):
    pair = doubt()

    desmond.get("/identity")

    shown = Event.objects.filter(what="identity.listed").values_list("person_id", flat=True)
    assert sorted(shown) == sorted(_people(pair))


def _people(pair: Pair) -> list[UUID]:
    return [one.links.get().person_id for one in (pair.first, pair.second)]


def test_the_age_of_a_doubt_can_be_chosen(desmond):
    now = datetime.now(tz=UTC)
    doubt("Ash", asked_at=now - timedelta(days=2))
    doubt("Oak", asked_at=now - timedelta(days=20))

    old, new = words_of(desmond.get("/identity?age=14")), words_of(desmond.get("/identity?age=new"))

    assert [("ASH" in old, "OAK" in old), ("ASH" in new, "OAK" in new)] == [(False, True), (True, False)]
