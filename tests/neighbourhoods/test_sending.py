"""Whether a message may go is asked at the moment of sending; what may not go says why, and the sender is told."""

from datetime import date, timedelta

import pytest

from locality.access.models import AddressGrant, Objection, Override, Relationship
from locality.journal.models import Event
from locality.neighbourhoods.actions import outbox, sending
from locality.neighbourhoods.actions.sending import Turn
from locality.neighbourhoods.models import Alert, Contact, Message, Note
from locality.neighbourhoods.rules.outbox import (
    IN_PLACE,
    PAUSES,
    STOP_WORDS,
    Channel,
    Found,
    MessageMoveNotAllowed,
    NotPosted,
    Stop,
    ToKind,
    is_mobile,
    is_secure,
    plain,
    stopped,
)
from tests import factories as make
from tests.neighbourhoods.outbox_world import LINK, Posted, acts_for, letter_to, message, peggy, service, turn
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db
DATED = {"starts_on": date(2026, 11, 1), "reason": "Said so", "made_at": make.AT}


def why(row: Message) -> str:
    row.refresh_from_db()
    return row.stopped_why if row.state == "stopped" else row.state


# ---- the rule, without a database


@pytest.mark.parametrize(
    ("found", "stop"),
    [
        ({}, None),
        ({"wrong_person": True, "died": True}, Stop.WRONG_PERSON),
        ({"died": True}, Stop.DIED),
        ({"died": True, "to_kind": ToKind.PRACTICE, "channel": Channel.PRACTICE}, None),
        ({"related": False}, Stop.ENDED),
        ({"protected": True}, Stop.PROTECTED),
        ({"protected": True, "address_granted": True}, None),
        ({"protected": True, "channel": Channel.HERE}, None),
        ({"objected": True}, None),
        ({"objected": True, "to_kind": ToKind.SERVICE}, Stop.OBJECTED),
        ({"of_receiver": Stop.CLOSED, "to_kind": ToKind.SERVICE}, Stop.CLOSED),
        ({"written_to": "9 High Street"}, Stop.MOVED),
        ({"written_to": "1, high street."}, None),
        ({"address": ""}, Stop.NOWHERE),
        ({"channel": Channel.EMAIL, "has_account": False}, Stop.NO_ACCOUNT),
        ({"channel": Channel.EMAIL, "has_account": False, "is_secure": True}, None),
        ({"channel": Channel.HERE, "address": ""}, None),
        ({"channel": Channel.HERE, "has_account": False}, Stop.NO_ACCOUNT),
        ({"channel": Channel.EMAIL, "to_kind": ToKind.SERVICE}, Stop.NOT_SECURE),
        ({"channel": Channel.EMAIL, "to_kind": ToKind.SERVICE, "is_link": True}, None),
        ({"channel": Channel.LETTER, "has_account": False}, None),
    ],
)
def test_what_keeps_a_message_from_going(found, stop):
    told = {"channel": Channel.LETTER, "to_kind": ToKind.PERSON, "address": "1 High Street"} | found

    assert stopped(Found(**told)) == stop


def test_every_way_of_being_stopped_is_said_in_words():
    assert set(STOP_WORDS) == set(Stop)


def test_an_address_is_the_same_however_two_people_write_it():
    assert plain("7 Weaver's Fold,  ZZ1 2QX") == plain("7 Weavers Fold, zz12qx")
    assert plain("ann@x.example") != plain("annx.example")


@pytest.mark.parametrize(
    ("address", "secure"),
    [
        ("a@nhs.net", True),
        ("a@bury.nhs.net", True),
        ("a@evil-nhs.net", False),
        ("a@nhs.net.example", False),
        ("", False),
    ],
)
def test_a_domain_is_secure_where_it_is_one_of_those_or_under_it(address, secure):
    assert is_secure(address, ["nhs.net"]) is secure


@pytest.mark.parametrize(
    ("phone", "mobile"), [("07700 900123", True), ("+447700900123", True), ("0161 496 0127", False)]
)
def test_a_text_goes_to_a_mobile_number_alone(phone, mobile):
    assert is_mobile(phone) is mobile


# ---- what goes


def test_what_waited_its_minute_goes_with_its_history_its_line_and_whom_it_went_to():
    row, way = message(peggy()), Posted()

    early, late = turn(way, minutes=0.5), turn(way)

    row.refresh_from_db()
    assert (early, late) == (Turn(), Turn(sent=1))
    assert [(one.id, one.body) for one in way.went] == [(row.pk, "We come on Monday at ten.")]
    assert (row.state, list(row.history.order_by("at").values_list("what", flat=True))) == ("sent", ["written", "sent"])
    line = Event.objects.get(what="message.send")
    assert (line.person_id, line.about_id) == (row.person_id, row.pk)
    assert line.detail == {"channel": "here", "to": "person", "to_id": str(row.to_id)}


def test_it_goes_once():
    message(peggy())
    way = Posted()

    turn(way)
    again = turn(way, minutes=10)

    assert (again, len(way.went)) == (Turn(), 1)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.TEXT])
def test_to_a_persons_mail_or_phone_goes_a_line_to_sign_in_and_nothing_else(channel):
    person, way = peggy(phone="07700 900123"), Posted()
    make.patient(person, make.source(), email="peggy@home.example")
    message(person, channel=channel)

    turn(way)

    line = f"Smallborough Hospitals has written a message for you. Sign in to read it: {LINK}"
    assert [(one.subject, one.body) for one in way.went] == [("A message for you", line)]
    assert way.went[0].to_address == {"email": "peggy@home.example", "text": "07700 900123"}[channel]


def test_to_a_secure_domain_it_goes_whole_though_nobody_signs_in_there():
    person, way = known(), Posted()
    make.patient(person, make.source(), email="peggy@nhs.net")
    message(person, channel=Channel.EMAIL)

    turn(way, secure=("nhs.net",))

    assert [one.body for one in way.went] == ["We come on Monday at ten."]


def test_to_the_practice_goes_a_document_that_names_her_and_both_sides():
    person, way = peggy(), Posted()
    mill = make.organisation("MILL")
    message(person, channel=Channel.PRACTICE, to_kind=ToKind.PRACTICE, to_id=mill.pk, to_organisation=mill.pk)

    turn(way)

    bundle = way.went[0].payload
    kinds = [one["resource"]["resourceType"] for one in bundle["entry"]]
    composition, patient = (bundle["entry"][place]["resource"] for place in (0, 1))
    assert (bundle["type"], kinds) == ("document", ["Composition", "Patient", "Organization", "Organization"])
    assert patient["identifier"] == [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": make.PEGGY_NUMBER}]
    assert "<p>We come on Monday at ten.</p>" in composition["section"][0]["text"]["div"]
    assert way.went[0].to_address == "MILL"


def test_a_letter_waits_for_somebody_to_print_and_post_it():
    row = letter_to(peggy())

    waited = turn()
    sent = sending.posted(message=row.pk, by=make.viewer(at=make.AT + timedelta(hours=2)))

    assert (waited, sent.state) == (Turn(), "sent")
    assert sent.to_address == "7 Weaver's Fold, Smallborough, ZZ1 2QX"


def test_a_letter_is_posted_once():
    row = letter_to(peggy())
    sending.posted(message=row.pk, by=make.viewer())

    with pytest.raises(MessageMoveNotAllowed, match="This message is sent: that cannot be done with it now."):
        sending.posted(message=row.pk, by=make.viewer())


# ---- what may not go


def test_to_somebody_who_died_nothing_goes_and_the_writer_is_told():
    person = peggy()
    make.member(make.practitioner(), make.team())
    row = message(person)
    person.died = True
    person.save()

    came = turn()

    alert = Alert.objects.get()
    assert (came, why(row)) == (Turn(stopped=1), "The person has died.")
    assert alert.words == "Not sent to Peggy Hargreaves: Our visit. The person has died."
    assert (alert.owner_id, alert.about_id, alert.person_id) == (make.viewer().id, row.pk, person.pk)


def test_a_letter_is_stopped_where_she_lives_elsewhere_by_now_and_may_go_there_once_somebody_says_so():
    person = peggy()
    row = letter_to(person)
    person.address, person.postcode = "2 New Road, Smallborough", "ZZ1 3AA"
    person.save()

    sending.posted(message=row.pk, by=make.viewer())
    was = why(row)
    outbox.retry(message=row.pk, by=make.viewer())
    sent = sending.posted(message=row.pk, by=make.viewer())

    assert was == STOP_WORDS[Stop.MOVED]
    assert (sent.state, sent.to_address) == ("sent", "2 New Road, Smallborough, ZZ1 3AA")


def test_what_is_for_her_practice_stops_where_she_is_at_another_by_now():
    person, mill = peggy(), make.organisation("MILL")
    row = message(person, channel=Channel.PRACTICE, to_kind=ToKind.PRACTICE, to_id=mill.pk, to_organisation=mill.pk)
    person.practice_code = make.organisation("P99999").code
    person.save()

    turn()

    assert why(row) == STOP_WORDS[Stop.OTHER_PRACTICE]


def test_to_a_protected_address_goes_what_somebody_who_may_know_it_wrote():
    person = peggy(protected=True)
    row = letter_to(person)
    sending.posted(message=row.pk, by=make.viewer())
    was = why(row)

    AddressGrant.objects.create(
        person=person, team=make.team(), ends_on=date(2027, 1, 1), made_by=make.viewer().id, **DATED
    )
    outbox.retry(message=row.pk, by=make.viewer())
    sending.posted(message=row.pk, by=make.viewer())

    assert (was, why(row)) == (STOP_WORDS[Stop.PROTECTED], "sent")


@pytest.mark.parametrize("objects_to", [None, "RSB"])
def test_who_objects_to_sharing_has_nothing_sent_to_another_organisation(objects_to):
    person, mill = peggy(), make.organisation("MILL")
    of = make.organisation(objects_to) if objects_to else None
    Objection.objects.create(person=person, kind="sharing", organisation=of, made_by=make.viewer().id, **DATED)
    out = message(person, channel=Channel.PRACTICE, to_kind=ToKind.PRACTICE, to_id=mill.pk, to_organisation=mill.pk)
    own = message(person)

    turn()

    assert (why(out), why(own)) == (STOP_WORDS[Stop.OBJECTED], "sent")


def test_what_another_organisation_sent_may_be_objected_to_without_stopping_ours():
    person, mill = peggy(), make.organisation("MILL")
    of = make.organisation("council")
    Objection.objects.create(person=person, kind="sharing", organisation=of, made_by=make.viewer().id, **DATED)
    row = message(person, channel=Channel.PRACTICE, to_kind=ToKind.PRACTICE, to_id=mill.pk, to_organisation=mill.pk)

    turn()

    assert why(row) == "sent"


def test_what_came_of_a_note_that_is_about_somebody_else_does_not_go():
    person = peggy()
    note = Note.objects.create(
        thing=make.new_id(),
        version=2,
        person=person,
        kind="visit",
        happened_at=make.AT,
        about_another=True,
        why="It was Stan",
        written_at=make.AT,
        written_by=make.viewer().id,
        data_class="CLIN",
        sender=make.organisation(),
    )
    row = message(person, about="note", about_id=note.thing)

    turn()

    assert why(row) == STOP_WORDS[Stop.WRONG_PERSON]


def test_what_came_of_a_line_that_is_said_to_be_somebody_elses_does_not_go():
    person = peggy()
    line = make.resource(make.patient(person, make.source()), make.problem())
    row = message(person, about="record", about_id=line.thing)
    make.remark(line, person)

    turn()

    assert why(row) == STOP_WORDS[Stop.WRONG_PERSON]


def test_a_merge_changes_nothing_of_what_goes():
    alias = known(make.person(given="Maggie"))
    row = message(alias)
    alias.merged_into = peggy()
    alias.save()

    turn()

    assert why(row) == "sent"


def test_to_an_earlier_identity_nothing_goes():
    earlier = peggy()
    row = message(earlier)
    make.earlier_identity(make.person("Marsh", "Alex"), earlier)

    turn()

    assert why(row) == STOP_WORDS[Stop.EARLIER]


def test_once_nobody_of_the_sender_may_know_her_nothing_goes_and_the_alert_names_nobody():
    person = peggy()
    row = message(person)
    Relationship.objects.update(ends_on=make.TODAY)

    turn()

    alert = Alert.objects.get()
    assert why(row) == STOP_WORDS[Stop.ENDED]
    assert (alert.person_id, "Peggy" in alert.words, "visit" in alert.words) == (None, False, False)


def test_who_broke_the_glass_may_write_while_it_is_open():
    person = make.person(practice_code="MILL")
    make.organisation("MILL")
    nurse = make.viewer()
    Override.objects.create(
        person=person,
        practitioner_id=nurse.id,
        role="clinician",
        organisation_id=nurse.organisation,
        reason_code="emergency",
        words="Found on the floor",
        made_at=make.ago(minutes=10),
        ends_at=make.AT + timedelta(hours=1),
    )
    told = {
        "channel": Channel.PRACTICE,
        "to_kind": ToKind.PRACTICE,
        "to_id": make.organisation("MILL").pk,
        "team": None,
    }
    open_, shut = message(person, **told), message(person, **told, waits=timedelta(hours=3))

    turn()
    turn(minutes=240)

    assert (why(open_), why(shut)) == ("sent", STOP_WORDS[Stop.ENDED])


def test_nobody_is_written_to_here_who_cannot_sign_in():
    row = message(known())

    turn()

    assert why(row) == STOP_WORDS[Stop.NO_ACCOUNT]


@pytest.mark.parametrize(
    ("right", "stop"),
    [
        ({}, None),
        ({"ends_on": make.TODAY}, Stop.ACTS_NO_LONGER),
        ({"kept_back": ["WORK"]}, Stop.KEPT_BACK),
    ],
)
def test_to_whoever_acts_for_her_goes_what_their_right_lets_them_read(right, stop):
    person = peggy()
    ann = acts_for(person, **right)
    row = message(person, to_kind=ToKind.PROXY, to_id=ann.pk, to_name="Ann Lomas")

    turn()

    assert why(row) == (STOP_WORDS[stop] if stop else "sent")


def test_who_acts_and_is_not_said_to_know_a_protected_address_is_not_written_to():
    person = peggy(protected=True)
    row = message(person, to_kind=ToKind.PROXY, to_id=acts_for(person).pk, to_name="Ann Lomas")

    turn()

    assert why(row) == STOP_WORDS[Stop.ACTS_NO_LONGER]


def test_who_acts_and_is_not_to_be_contacted_is_not_written_to():
    person = peggy()
    ann = acts_for(person)
    Contact.objects.create(
        thing=make.new_id(),
        person=person,
        who=ann,
        name="Ann Lomas",
        relation="daughter",
        said_by="Peggy",
        roles=["do not contact"],
        written_at=make.AT,
        written_by=make.viewer().id,
        data_class="SUM",
        sender=make.organisation(),
    )
    row = message(person, to_kind=ToKind.PROXY, to_id=ann.pk, to_name="Ann Lomas")

    turn()

    assert why(row) == STOP_WORDS[Stop.KEPT_AWAY]


def test_to_a_service_goes_a_link_alone_unless_its_domain_is_secure():
    person, tea = peggy(), service()
    told = {"channel": Channel.EMAIL, "to_kind": ToKind.SERVICE, "to_id": tea.pk, "to_name": tea.name}
    whole, link = message(person, **told), message(person, **told, about="referral")
    way = Posted()

    came = turn(way)

    assert (came, why(whole), why(link)) == (Turn(sent=1, stopped=1), STOP_WORDS[Stop.NOT_SECURE], "sent")
    assert [one.to_address for one in way.went] == ["tea@circle.example"]


@pytest.mark.parametrize(
    ("tea", "stop"),
    [({"ends_on": make.TODAY}, Stop.CLOSED), ({"takes_referrals": False}, Stop.NO_REFERRALS)],
)
def test_a_referral_to_a_service_that_closed_or_takes_none_does_not_go(tea, stop):
    row = service(**tea)
    told = {"channel": Channel.EMAIL, "to_kind": ToKind.SERVICE, "to_id": row.pk, "to_name": row.name}
    out = message(peggy(), **told, about="referral")

    turn()

    assert why(out) == STOP_WORDS[stop]


def test_an_organisation_that_is_there_no_longer_is_sent_nothing():
    told = {"channel": Channel.REFERRAL, "to_kind": ToKind.ORGANISATION, "to_name": "Tea", "payload": {"a": 1}}
    way = Posted()
    there = message(peggy(), **told, to_id=make.organisation("circle").pk)
    gone = message(Message.objects.get().person, **told, to_id=make.organisation("carers", ends_on=make.TODAY).pk)

    turn(way)

    assert (why(there), why(gone)) == ("sent", STOP_WORDS[Stop.CLOSED])
    assert [(one.to_address, one.payload) for one in way.went] == [("circle", {"a": 1})]


# ---- a way that does not take it


def test_what_is_not_taken_is_tried_again_with_growing_pauses_and_then_the_writer_is_told():
    make.member(make.practitioner(), make.team())
    row, way = message(peggy()), Posted(refuses=NotPosted("The mail server did not take it."))
    at = timedelta(minutes=5)
    came = []

    for pause in (*PAUSES, timedelta()):
        came.append(turn(way, minutes=at.total_seconds() / 60))
        at += pause

    row.refresh_from_db()
    assert came == [*[Turn(put_off=1)] * len(PAUSES), Turn(failed=1)]
    assert (row.state, row.tries) == ("failed", len(PAUSES) + 1)
    assert Alert.objects.get().words == "Not sent to Peggy Hargreaves: Our visit. It was tried 6 times."


def test_it_is_not_tried_before_its_pause_is_over():
    message(peggy())
    way = Posted(refuses=NotPosted("Down"))

    turn(way)
    again = turn(way, minutes=5.5)

    assert again == Turn()


def test_what_no_other_try_would_help_fails_at_once_and_goes_when_somebody_lets_it():
    row, way = message(peggy()), Posted(refuses=NotPosted("No way is set up.", again=False))
    came = turn(way)

    outbox.retry(message=row.pk, by=make.viewer(at=make.AT + timedelta(minutes=6)))
    after = turn(Posted(), minutes=7)

    assert (came, after, why(row)) == (Turn(failed=1), Turn(sent=1), "sent")
    assert "No way is set up." in Alert.objects.get().words


def test_one_that_is_not_taken_keeps_no_other_from_going():
    person = peggy()
    first, second = message(person), message(person, subject="Another")
    way = Posted(refuses=NotPosted("Down"))
    turn(way, most=1)

    came = turn(minutes=5.5)

    assert (came, {why(first), why(second)}) == (Turn(sent=1), {"waiting", "sent"})


def test_what_a_practice_as_a_whole_sent_is_told_to_the_practice_and_to_whoever_wrote_it():
    joanne = make.practitioner()
    make.role(joanne)
    row = message(peggy(), team=None)
    Relationship.objects.update(ends_on=make.TODAY)

    turn()

    alert = Alert.objects.get()
    assert (why(row), alert.team, alert.organisation, alert.owner) == (
        STOP_WORDS[Stop.ENDED],
        None,
        make.organisation(),
        joanne,
    )
    # the practice may not know her any longer: it is told that something was stopped, and of whom not
    assert (alert.person, "Peggy" in alert.words) == (None, False)


def test_a_secret_takes_its_place_in_what_leaves_and_is_kept_no_longer():
    row = message(peggy(), body=f"Read it here: {IN_PLACE}", secret="https://place.example/x")
    way = Posted()

    turn(way)

    row.refresh_from_db()
    assert [one.body for one in way.went] == ["Read it here: https://place.example/x"]
    assert (row.secret, row.body) == ("", f"Read it here: {IN_PLACE}")


def test_a_secret_that_may_not_go_stays_for_another_try_and_ends_with_the_message():
    row = message(peggy(died=True), secret="https://place.example/x")
    turn(Posted())
    row.refresh_from_db()
    stopped_with = (row.state, row.secret)

    outbox.retry(message=row.pk, by=make.viewer())
    outbox.withdraw(message=row.pk, by=make.viewer())

    row.refresh_from_db()
    assert (stopped_with, row.state, row.secret) == (("stopped", "https://place.example/x"), "withdrawn", "")
