"""The Booking and Referral Standard, written and read; and what another system sent, taken in once or kept refused."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from locality.base import NotFound, system
from locality.directory.models import Service
from locality.journal.models import Event
from locality.neighbourhoods.actions.referral_in import receive_referral, take_away
from locality.neighbourhoods.models import Message, Referral, ReferralReceived
from locality.neighbourhoods.queries import referrals as queries
from locality.neighbourhoods.rules.bars import NotARequest, read_message
from locality.neighbourhoods.rules.referrals import ReferralMove, Urgency
from locality.neighbourhoods.rules.referrals_in import (
    CLOSED,
    NO_ANSWER,
    NOT_KNOWN,
    NOT_TAKEN,
    OVER,
    SAYS_OTHER,
    WITHDRAWN_FIRST,
)
from tests import factories as make
from tests.neighbourhoods.referral_world import accept, befriending, later, nurse, refer, say, therapist, volunteer
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db
SENT = Path(__file__).parents[1] / "data" / "bars" / "servicerequest-request.json"
NUMBER = "3478526985"


def example() -> dict:
    """The publisher's own request, as a referral: it says a validation, which is another thing."""
    message = json.loads(SENT.read_text())
    part(message, "ServiceRequest")["category"][0]["coding"][0]["code"] = "referral"
    return message


def part(message: dict, kind: str) -> dict:
    return next(one["resource"] for one in message["entry"] if one["resource"]["resourceType"] == kind)


def julie(**other):
    """Julie of the publisher's example, who is known here."""
    person = make.person("Jones", "Julie", nhs_number=NUMBER, birth_on="1959-05-04", **other)
    patient = make.patient(person, make.source("gp"))
    make.identifier(patient, NUMBER)
    person.refresh_from_db()
    return person


def sender():
    make.organisation("RYE", kind="trust")
    return make.source("one-one-one", organisation=make.organisation("RND"))


def received(message=None, *, source=None, at=make.AT):
    content = json.dumps(example() if message is None else message).encode()
    return receive_referral(source=source or sender(), content=content, by=system(at=at))


def test_the_publishers_example_is_read():
    read = read_message(example())

    assert (read.from_code, read.to_code, read.nhs_number) == ("RND", "RYE", NUMBER)
    assert (str(read.born_on), read.reason, read.urgency) == ("1959-05-04", "new", Urgency.ROUTINE)
    assert read.service == "Consulting psychologists and/or psychology services"
    assert read.words.splitlines()[:2] == ["AMB new/worsening breathlessness", "Palpitations"]
    assert read.identifier == "236bb75d-90ef-461f-b71e-fde7f899802c"


def test_a_message_that_is_no_referral_says_what_it_lacks():
    booking = json.loads(SENT.with_name("booking-request.json").read_text())
    no_focus = example()
    part(no_focus, "MessageHeader")["focus"] = []
    found = []

    for message in ({}, [], {"resourceType": "Bundle", "type": "message"}, booking, json.loads(SENT.read_text())):
        with pytest.raises(NotARequest) as refused:
            read_message(message)
        found.append(str(refused.value).partition(": ")[2])
    with pytest.raises(NotARequest, match="not a ServiceRequest"):
        read_message(no_focus)

    assert found == [
        "it is not a Bundle of the type message.",
        "it is not a Bundle of the type message.",
        "it has no MessageHeader.",
        "its event is \u201cbooking-request\u201d, and only servicerequest-request is taken in.",
        "it asks for \u201cvalidation\u201d, and only a referral is taken in.",
    ]


def test_what_is_written_reads_the_same():
    peggy = known()
    row = refer(peggy, urgency=Urgency.SOON, words="The stairs turn", facts=[fact()])

    message = take_away(referral_id=row.pk, by=nurse())
    read = read_message(message)

    assert (read.asked, read.need, read.urgency) == (row.asked, "falls", Urgency.SOON)
    assert (read.nhs_number, read.born_on) == (peggy.nhs_number, peggy.birth_on)
    assert (read.from_code, read.to_code, read.identifier) == ("RSB", "RSB", str(row.pk))
    assert read.words.splitlines() == [
        "The stairs turn",
        "Wanted: To get to bed without fear",
        "Allergies: Penicillin (SBH, 2026-11-05)",
    ]
    assert Event.objects.get(what="referral.message-taken").person_id == peggy.pk


def fact() -> dict:
    return {
        "kind": "allergies",
        "heading": "Allergies",
        "words": "Penicillin",
        "source": "SBH",
        "on": "2026-11-05",
    }


def test_every_reference_in_what_is_written_leads_somewhere_in_it():
    row = accept(refer())
    say(row, ReferralMove.BOOK, by=later(therapist(), minutes=1), at=make.AT.replace(day=9), where="At home")

    message = take_away(referral_id=row.pk, by=nurse())

    told = {one["fullUrl"] for one in message["entry"]}
    led = {words.partition('"')[0] for words in json.dumps(message).split('"reference": "')[1:]}
    assert led - told == set()
    booked = part(message, "Appointment")
    assert (booked["status"], booked["start"], booked["comment"]) == (
        "booked",
        "2026-11-09T09:40:00+00:00",
        "At home",
    )
    assert part(message, "MessageHeader")["eventCoding"]["code"] == "booking-request"


def test_taken_in_it_is_on_the_list_of_whoever_is_asked_and_taken_in_again_changes_nothing():
    person = julie()

    first, second = received(), received(at=make.AT.replace(hour=12))

    row = Referral.objects.get()
    assert (first.referral, first.refused, first.unchanged) == (row.pk, "", False)
    assert (second.referral, second.unchanged) == (row.pk, True)
    assert (row.person_id, row.to_organisation.code, row.sender.code) == (person.pk, "RYE", "RND")
    there = make.viewer(given="Tom", organisation=row.to_organisation_id, teams=frozenset())
    assert [one.id for one in queries.listed(viewer=there)] == [row.pk]
    assert ReferralReceived.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda message: part(message, "Patient").update(birthDate="1958-05-04"), "birth date is another"),
        (lambda message: part(message, "Patient").update(identifier=[]), "names nobody by an NHS number"),
        (
            lambda message: part(message, "Patient")["identifier"][0].update(value="9990000018"),
            "Nobody here is known",
        ),
        (lambda message: part(message, "MessageHeader").update(sender={}), "nobody sends it"),
        (
            lambda message: part(message, "MessageHeader")["reason"]["coding"][0].update(code="update"),
            "only new ones and withdrawals",
        ),
        (
            lambda message: part(message, "MessageHeader")["reason"]["coding"][0].update(code="delete"),
            "never received",
        ),
    ],
)
def test_what_is_unknown_or_contradicts_is_refused_and_kept_whole_with_its_reason(spoil, why):
    julie()
    message = deepcopy(example())
    spoil(message)

    taken = received(message)

    kept = ReferralReceived.objects.get()
    assert why in taken.refused
    assert (kept.refused, kept.referral_id) == (taken.refused, None)
    assert json.loads(bytes(kept.content)) == message
    assert Referral.objects.count() == 0


def test_refused_and_mended_here_it_is_taken_in_the_next_time():
    first = received()
    julie()

    second = received()

    assert (first.refused, second.refused) == ("Nobody here is known by this NHS number.", "")
    assert ReferralReceived.objects.get().referral_id == second.referral


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_what_is_not_json_is_refused_and_kept(content):
    taken = receive_referral(source=sender(), content=content, by=system(at=make.AT))

    assert taken.refused == "The file is not JSON, so nothing of it can be read."
    assert bytes(ReferralReceived.objects.get().content) == content


def test_whoever_died_is_not_referred_here():
    julie(died=True)

    assert received().refused == "The person has died."


def test_another_source_cannot_speak_for_the_sender():
    julie()
    make.organisation("RYE")

    taken = received(source=make.source("acute"))

    assert taken.refused == "It says that RND sends it, and this source speaks for RSB."


def test_withdrawn_by_their_system_it_is_over_here():
    julie()
    received()
    message = example()
    part(message, "MessageHeader")["reason"]["coding"][0]["code"] = "delete"

    taken = received(message)

    assert (taken.refused, Referral.objects.get().state) == ("", "withdrawn")
    assert Message.objects.count() == 0


def changed(reason="new", **request) -> dict:
    """The example once more, at another time."""
    message = example() | {"timestamp": "2026-11-06T10:00:00+00:00"}
    part(message, "MessageHeader")["reason"]["coding"][0]["code"] = reason
    part(message, "ServiceRequest").update(request)
    return message


def note(words: str) -> list[dict]:
    return [{"text": words}]


def test_a_service_that_is_not_in_the_directory_is_named_to_all_of_the_organisation_and_one_that_is_gets_it():
    julie()
    received()
    row = Referral.objects.get()
    asked = part(example(), "HealthcareService")["name"]
    here = befriending(name=asked.upper(), organisation=row.to_organisation)

    received(changed(identifier=[{"value": "R2"}]))
    Service.objects.update(ends_on=make.TODAY)
    received(changed(identifier=[{"value": "R3"}]))

    assert row.to_service is None
    assert row.words.splitlines()[:2] == [
        f"Asked of \u201c{asked}\u201d, which the directory here does not have: all of "
        f"{row.to_organisation.name} is asked.",
        "AMB new/worsening breathlessness",
    ]
    second, third = (Referral.objects.get(identifier=one) for one in ("R2", "R3"))
    assert (second.to_service, second.words.splitlines()[0]) == (here, "AMB new/worsening breathlessness")
    assert (third.to_service, third.words) == (None, row.words)


def test_sent_anew_after_it_was_withdrawn_it_is_refused_so_that_its_words_are_not_lost():
    julie()
    received()
    received(changed("delete"))

    taken = received(changed(note=note("Now she falls")))

    assert (taken.refused, taken.unchanged) == (OVER.format(state="withdrawn"), False)
    assert Referral.objects.get().state == "withdrawn"
    assert "Now she falls" in bytes(ReferralReceived.objects.get(refused=taken.refused).content).decode()


def test_sent_again_while_it_is_open_the_same_changes_nothing_and_other_words_are_refused():
    julie()
    first = received()

    same, other = received(changed()), received(changed(note=note("Now she falls")))
    urgent = received(changed(priority="stat"))

    assert (same.referral, same.unchanged) == (first.referral, True)
    assert [one.refused for one in (other, urgent)] == [SAYS_OTHER] * 2
    assert Referral.objects.count() == 1


def test_an_organisation_that_has_closed_is_asked_nothing():
    julie()
    make.organisation("RYE", kind="trust", ends_on=make.TODAY)

    taken = received(source=make.source("one-one-one", organisation=make.organisation("RND")))

    assert taken.refused == CLOSED.format(code="RYE")
    assert Referral.objects.count() == 0


def test_withdrawn_before_it_came_it_is_never_opened_here():
    julie()
    first = received(changed("delete"))

    taken = received()

    assert (first.refused, taken.refused) == (NOT_KNOWN, WITHDRAWN_FIRST)
    assert Referral.objects.count() == 0


def test_what_was_asked_of_the_sender_is_answered_by_an_update_and_any_other_update_is_refused():
    julie()
    received()
    row = Referral.objects.get()
    early = received(changed("update", note=note("The left")))
    there = make.viewer(given="Tom", organisation=row.to_organisation_id, teams=frozenset())
    say(row, ReferralMove.ASK_MORE, by=later(there, minutes=1), words="Which leg?")

    silent = received(changed("update", basedOn=[]), at=make.AT.replace(hour=12))
    answered = received(changed("update", note=note("The left leg")), at=make.AT.replace(hour=12))
    late = received(changed("update", note=note("Or the right")), at=make.AT.replace(hour=13))

    row.refresh_from_db()
    assert (answered.refused, answered.referral, row.state) == ("", row.pk, "sent")
    assert "The left leg" in row.history.get(what="answer_more").why
    assert [one.refused for one in (early, silent, late)] == [
        NOT_TAKEN.format(reason="update"),
        NO_ANSWER,
        NOT_TAKEN.format(reason="update"),
    ]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda message: part(message, "Patient").update(identifier=5), "its identifier is not a list"),
        (lambda message: message.update(entry=5), "its entry is not a list"),
        (lambda message: part(message, "ServiceRequest").update(note=5), "its note is not a list"),
        (lambda message: part(message, "ServiceRequest").update(note=note("a\x00b")), "the character NUL"),
        (lambda message: part(message, "MessageHeader")["eventCoding"].update(code="\x00"), "the character NUL"),
        (
            lambda message: part(message, "ServiceRequest").update(identifier=[{"value": "x" * 3000}]),
            "its identifier is longer than 200 characters",
        ),
    ],
)
def test_a_value_that_cannot_be_read_or_kept_refuses_the_message_and_it_is_kept_whole(spoil, why):
    julie()
    message = example()
    spoil(message)

    taken = received(message)

    kept = ReferralReceived.objects.get()
    assert why in taken.refused
    assert (kept.refused, json.loads(bytes(kept.content))) == (taken.refused, message)
    assert Referral.objects.count() == 0


def test_whatever_stands_anywhere_in_a_message_is_refused_in_words_or_read():
    """Every value of the example in turn is made something else: nothing but Refused ever comes out."""
    whole = json.dumps(example())
    ways, read, refused = list(_ways(example(), ())), 0, 0

    for way in ways:
        for other in (None, 5, "x", [], {}, [5], [{}], {"value": 5}):
            message = json.loads(whole)
            at = message
            for step in way[:-1]:
                at = at[step]
            at[way[-1]] = other
            try:
                read_message(message)
                read += 1
            except NotARequest:
                refused += 1

    assert read + refused == 8 * len(ways)
    assert min(read, refused) > 100


def _ways(told, way):
    for step, one in told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ():
        yield (*way, step)
        yield from _ways(one, (*way, step))


def test_nobody_else_takes_a_message_away():
    row = refer()

    with pytest.raises(NotFound, match="no such referral"):
        take_away(referral_id=row.pk, by=volunteer())
