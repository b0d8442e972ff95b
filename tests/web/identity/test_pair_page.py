"""One pair side by side, and what deciding it does."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from locality.journal.models import Event
from locality.people.models import Label, Pair, Patient
from locality.people.queries import people_of_patients
from tests import factories as make

pytestmark = pytest.mark.django_db

GROWN = {"birth_on": date(1960, 3, 14), "birth_text": "1960-03-14", "nhs_number": ""}
WHY = "Two births stand in the register"


@pytest.fixture
def desmond(sign_in):
    return sign_in("Desmond", "Clarke", roles=("identity_custodian",), teams=())


def somebody(family: str = "Hargreaves", source: str = "gp", **other) -> Patient:
    row = make.person(family, other.pop("given", "Peg"), **(GROWN | other))
    return make.patient(row, make.source(source), local_id=f"{source}-{family}")


def doubt(family: str = "Hargreaves", **other) -> Pair:
    return make.pair(somebody(family, "gp"), somebody(family, "acute"), **other)


def address(pair: Pair) -> str:
    return reverse("identity_pair", args=[pair.pk])


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def seen(browser, pair: Pair) -> str:
    return browser.get(address(pair)).content.decode().split('name="seen" value="')[1].split('"')[0]


def say(browser, pair: Pair, answer: str = "different", **other):
    sent = {"answer": answer, "reason": WHY, "seen": seen(browser, pair)} | other
    return browser.post(reverse("identity_say", args=[pair.pk]), sent)


def whose(pair: Pair) -> list:
    found = people_of_patients([pair.first_id, pair.second_id])
    return [found[pair.first_id], found[pair.second_id]]


def test_the_question_names_both(desmond):
    pair = make.pair(somebody("Ash"), somebody("Ashe", "acute"))

    words = words_of(desmond.get(address(pair)))

    assert "ASH, Peg and ASHE, Peg one person?" in words or "ASHE, Peg and ASH, Peg one person?" in words


def test_letters_that_differ_are_marked_and_counted_in_words(desmond):
    pair = make.pair(somebody("Hargreaves"), somebody("Hargraves", "acute"))

    words = words_of(desmond.get(address(pair)))

    assert "<bdi>Hargr<mark>e</mark>aves</bdi>" in words
    assert "1 letter differs" in words


def test_what_to_be_careful_of_stands_first(desmond):
    pair = doubt()
    Pair.objects.filter(pk=pair.pk).update(cautions=["They may be twins.", "It is likely, and not sure enough."])

    words = words_of(desmond.get(address(pair)))

    assert words.index("They may be twins.") < words.index("Side by side")
    assert "It is likely, and not sure enough." not in words


def test_the_evidence_is_said_step_by_step_with_its_table(desmond):
    words = words_of(desmond.get(address(doubt())))

    assert "<b>Birth date:</b> the same birth date" in words
    assert words.count("very strong evidence for") >= 2
    assert '<th scope="row">Birth date</th><td>the same birth date</td>' in words


def test_no_address_phone_or_mail_stands_on_the_page(desmond):
    pair = make.pair(somebody("Ash", phone="0161 496 0999"), somebody("Ash", "acute"))
    Patient.objects.update(email="peg@example.org", practice_words="Mill Lane Practice", practice_code="MILL9")

    words = words_of(desmond.get(address(pair)))

    kept_back = ("Weaver", "ZZ1", "0161", "peg@example", "MILL9")
    assert ([leak for leak in kept_back if leak in words], "House and street</dt><dd>the same" in words) == ([], True)


def test_of_a_protected_address_nothing_is_compared_and_no_sum_is_told(desmond):
    pair = make.pair(somebody("Ash", protected=True), somebody("Ash", "acute"))

    words = words_of(desmond.get(address(pair)))

    assert "Not compared here: an address is protected." in words
    assert ("Together <b>" in words, "<b>Address:</b>" in words) == (False, False)


def test_how_much_each_side_holds_is_counted_and_not_told(desmond):
    pair = doubt()
    make.resource(pair.first, make.problem("Asthma", id="c1"))

    words = words_of(desmond.get(address(pair)))

    assert ("1 resource" in words, "0 resources" in words, "Asthma" in words) == (True, True, False)


# ---- deciding


def test_the_next_pair_follows_with_an_undo(desmond):
    first, second = doubt("Ash", asked_at=make.ago(days=9)), doubt("Oak")

    answer = say(desmond, first)
    following = words_of(desmond.get(answer.url))

    assert answer.url == address(second)
    assert "Kept: different people. This is the next pair." in following
    assert f"/take-back?pair={first.pk}" in following


def test_after_the_last_pair_comes_the_queue(desmond):
    answer = say(desmond, doubt())

    assert answer.url == "/identity"
    assert "No other pair waits." in words_of(desmond.get(answer.url))


def test_what_was_chosen_stays_chosen(desmond):
    first = doubt("Ash", asked_at=make.ago(days=9))
    doubt("Oak")
    circle = make.pair(somebody("Elm", "circle"), somebody("Elm", "gp"))

    answer = say(desmond, circle, source="gp")

    assert answer.url == f"{address(first)}?source=gp"


@pytest.mark.parametrize(
    ("sent", "missing"),
    [
        ({"reason": " "}, "Say why, so that the next reader can judge."),
        ({"answer": ""}, "Choose the same person, different people, or not sure."),
        ({"answer": "perhaps"}, "Choose the same person, different people, or not sure."),
    ],
)
def test_an_answer_and_a_reason_are_asked_for_and_what_was_typed_is_kept(desmond, sent, missing):
    pair = doubt()

    answer = say(desmond, pair, **({"answer": "same", "reason": WHY} | sent))

    words = words_of(answer)
    assert (answer.status_code, missing in words, Label.objects.count()) == (422, True, 0)
    assert (f'value="{WHY}"' in words) == ("reason" not in sent)
    assert ('value="same" aria-describedby="same-effect" checked' in words) == ("answer" not in sent)


def test_whoever_is_second_is_told_and_sees_what_was_decided(desmond, sign_in):
    pair = doubt()
    early = seen(desmond, pair)
    other = sign_in("Dilys", "Rees", roles=("identity_custodian",), teams=())
    say(other, pair)

    answer = desmond.post(reverse("identity_say", args=[pair.pk]), {"answer": "same", "reason": "Sure", "seen": early})

    words = words_of(answer)
    assert (answer.status_code, Label.objects.get().answer) == (409, "different")
    assert "This pair has changed since you looked at it" in words
    assert ("Dilys Rees" in words, "were said to be different people" in words) == (True, True)


def test_a_form_without_its_mark_decides_nothing(desmond):
    pair = doubt()

    answer = say(desmond, pair, seen="")

    assert (answer.status_code, Label.objects.count()) == (409, 0)


def test_the_same_person_makes_them_one(desmond):
    pair = doubt()

    say(desmond, pair, "same")

    assert len(set(whose(pair))) == 1
    assert "are one person now" in words_of(desmond.get(address(pair)))


def test_undo_on_the_next_page_brings_everything_back(desmond):
    pair = doubt()
    before = whose(pair)
    say(desmond, pair, "same")
    label = Label.objects.get()

    answer = desmond.post(f"{reverse('identity_take_back', args=[label.pk])}?pair={pair.pk}")

    assert (whose(pair), answer.url) == (before, address(pair))
    assert "Taken back" in words_of(desmond.get(answer.url))


@pytest.mark.parametrize("way", ["?pair=x", "?person=", "", "?pair=https://elsewhere.example"])
def test_undoing_goes_on_to_the_decisions_where_nothing_else_is_named(desmond, way):
    pair = doubt()
    say(desmond, pair)

    answer = desmond.post(f"{reverse('identity_take_back', args=[Label.objects.get().pk])}{way}")

    assert answer.url == "/identity/decisions"


def test_an_earlier_identity_is_not_there(desmond):
    pair = doubt()
    people = [one.links.get().person for one in (pair.first, pair.second)]
    make.earlier_identity(*people)

    answer = desmond.get(address(pair))

    assert (answer.status_code, "HARGREAVES" in answer.content.decode()) == (404, False)


def test_a_hidden_pair_and_none_at_all_are_the_same_bytes(desmond):
    pair = doubt()
    make.earlier_identity(*[one.links.get().person for one in (pair.first, pair.second)])

    hidden = desmond.get(address(pair)).content
    absent = desmond.get(reverse("identity_pair", args=[pair.first_id])).content

    assert _without_token(hidden) == _without_token(absent)


def _without_token(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line and b"nonce" not in line]


def test_opening_a_pair_is_written_down_as_a_look_at_both(desmond):
    pair = doubt()

    desmond.get(address(pair))

    looks = Event.objects.filter(what="identity.pair-opened").values_list("person_id", "about_id")
    assert sorted(looks) == sorted((person, pair.pk) for person in whose(pair))


@pytest.mark.parametrize("records", [1, 3])
def test_a_pair_costs_the_same_however_many_records_each_side_has(desmond, records, django_assert_num_queries):
    pair = doubt()
    for number in range(records - 1):
        person = pair.first.links.get().person
        make.patient(person, make.source("circle"), local_id=str(number))
    desmond.get("/find")

    with django_assert_num_queries(QUERIES_OF_A_PAIR):
        desmond.get(address(pair))


# session, viewer; at whom they must not look;
# the pair, its people, whether they are apart for good, their records with numbers, who is protected,
# the label, the doubts, the mark, the evidence; the audit; how much is held, what was decided; the transactions' own
QUERIES_OF_A_PAIR = 22


@pytest.mark.parametrize("method", ["say", "take-back"])
def test_nobody_else_decides_or_takes_back(sign_in, method):
    pair = doubt()
    label = make.label(pair.first, pair.second, "unsure")
    way = {
        "say": reverse("identity_say", args=[pair.pk]),
        "take-back": reverse("identity_take_back", args=[label.pk]),
    }[method]

    answer = sign_in().post(way, {"answer": "same", "reason": WHY, "seen": ""})

    assert (answer.status_code, Label.objects.filter(withdrawn_at=None).get().pk) == (403, label.pk)


# ---- the list of decisions


def test_a_decision_stands_in_the_list_with_its_reason_who_and_when(desmond):
    say(desmond, doubt())

    words = words_of(desmond.get("/identity/decisions"))

    assert "<h1>1 decision about who is who</h1>" in words
    assert [part for part in ("Different people", WHY, "Desmond Clarke", "Take this back") if part not in words] == []


def test_what_was_taken_back_stays_and_cannot_be_taken_back_again(desmond):
    pair = doubt()
    say(desmond, pair)
    label = Label.objects.get()
    back = reverse("identity_take_back", args=[label.pk])
    desmond.post(back)

    words = words_of(desmond.get("/identity/decisions"))
    again = desmond.post(back)

    assert ("Taken back by Desmond Clarke" in words, "Take this back" in words) == (True, False)
    assert (again.status_code, "already been taken back" in words_of(again)) == (409, True)


def test_no_decision_says_what_would_be_here(desmond):
    make.source("gp")

    assert "Nothing has been decided yet" in words_of(desmond.get("/identity/decisions"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_decisions_costs_the_same_for_one_and_for_three(desmond, count, django_assert_num_queries):
    for number in range(count):
        pair = doubt(f"Ash{number}")
        make.label(pair.first, pair.second, said_at=make.AT - timedelta(hours=number))
    desmond.get("/find")

    # session, viewer; the decisions, whose records, their people; the audit; the transaction's own two
    with django_assert_num_queries(8):
        desmond.get("/identity/decisions")
