"""The people of a service that moved are told by the organisation that looks after them now, each once."""

from datetime import date, timedelta

import pytest

from locality.access.models import Account, AddressGrant, Objection, Relationship
from locality.access.rules import RoleCode
from locality.base import NoAccess, NotFound, Refused, system
from locality.base.ids import new_id
from locality.directory.models import Team
from locality.journal.models import Event
from locality.neighbourhoods.actions import outbox, transfers
from locality.neighbourhoods.actions.caseload import come_off, take_on
from locality.neighbourhoods.actions.transfer_people import write_due, write_to_people
from locality.neighbourhoods.models import Alert, Message, Transfer, TransferWriting
from locality.neighbourhoods.queries import message_templates
from locality.neighbourhoods.queries import transfer_people as queries
from locality.neighbourhoods.queries.leaving import checked
from locality.neighbourhoods.rules.caseload import OffReason
from locality.neighbourhoods.rules.messages import Template
from locality.neighbourhoods.rules.outbox import Channel, MessageState, Stop, ToKind
from locality.neighbourhoods.rules.transfer_people import WHY_NOT
from locality.people.actions.earlier import keep_apart
from tests import factories as make
from tests.neighbourhoods.caseload_world import new
from tests.neighbourhoods.outbox_world import Posted, signs_in, turn
from tests.neighbourhoods.transfer_world import (
    administrator,
    at_work,
    later,
    moved,
    new_side,
    northmoor,
    old_side,
)
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = pytest.mark.django_db
DATED = {"starts_on": date(2026, 11, 1), "reason": "Said so", "made_at": make.AT, "made_by": make.SYSTEM_ID}


def templates() -> list[Template]:
    return message_templates.templates(pack="bury")


def signed() -> Transfer:
    row = moved()
    transfers.sign(transfer=row.pk, words="", by=old_side())
    return transfers.sign(transfer=row.pk, words="", by=new_side())


def on_it(family: str, given: str, **other):
    """Somebody else on the riverside team's caseload."""
    person = make.person(family, given, **other)
    take_on(new=new(person), by=make.viewer(RoleCode.CARE_COORDINATOR, given="Sadia"))
    return person


def write(row: Transfer, **other) -> TransferWriting:
    told = {"templates": templates(), "by": later(new_side(), minutes=1)} | other
    return write_to_people(transfer=row.pk, **told)


def see(row: Transfer, **other) -> queries.Preview:
    told = {"viewer": later(new_side(), minutes=1), "templates": templates()} | other
    return queries.preview(transfer=row.pk, **told)


def came_of(row: Transfer) -> queries.Writing:
    found = queries.writing(viewer=new_side(), transfer=row.pk)
    assert found is not None
    return found


def to() -> list[str]:
    return sorted(Message.objects.filter(about="transfer").values_list("to_name", flat=True))


def test_a_letter_about_a_child_goes_to_whoever_brings_them_up():
    at_work()
    on_it("Firth", "Dora", birth_on=date(2020, 5, 1))
    row = signed()

    write(row)

    letter = Message.objects.get(to_name="The parent or carer of Dora Firth")
    assert letter.body.startswith("Dear parent or carer of Dora Firth,")


# ---- what is shown before


def test_it_is_shown_first_how_many_read_it_here_how_many_get_a_letter_and_who_does_not():
    world = at_work()
    signs_in(world["peggy"])
    on_it("Firth", "Dora", died=True)
    row = signed()

    found = see(row)

    assert (found.here, found.letters, found.written, found.to_write) == (1, 1, 0, 2)
    assert found.not_written == (("They died", 1),)
    assert (found.subject, found.missing) == ("Who looks after you now", ())
    assert found.body == (
        "Dear (their name),\n\n"
        "Your care comes from the Riverside team. On 5 November 2026 this team moved from Smallborough Hospitals to "
        "Northmoor Community.\n\n"
        "Nothing changes for you. You keep the same team. What you agreed with them stays as it is. You do not need to "
        "do anything.\n\n"
        "If you want to ask us something, ring the Riverside team on 0161 496 0101.\n\n"
        "Northmoor Community"
    )
    assert Message.objects.filter(about="transfer").count() == 0


def test_one_message_each_goes_into_the_outbox_in_their_teams_name_and_on_the_writers_word():
    world = at_work()
    signs_in(world["peggy"])
    row = signed()

    write(row)

    hers = Message.objects.get(person=world["peggy"], about="transfer")
    assert to() == ["Peggy Hargreaves", "Stan Bright"]
    assert (hers.channel, hers.team, hers.sender, hers.made_by) == ("here", make.team(), northmoor(), new_side().id)
    assert (hers.about_id, hers.template, hers.body.splitlines()[0]) == (row.pk, "service-moved", "Dear Peggy,")
    assert Message.objects.get(person=world["stan"], about="transfer").channel == "letter"
    line = Event.objects.get(what="transfer.people-written-to")
    assert (line.about_id, line.by_id, line.detail) == (row.pk, new_side().id, {"to": 2})
    assert Event.objects.filter(what="message.written", person_id=world["peggy"].pk).count() == 1


def test_each_is_asked_about_again_when_it_goes_and_what_may_not_go_is_counted_and_told_to_the_team():
    world = at_work()
    signs_in(world["peggy"])
    ann = on_it("Lomas", "Ann")
    signs_in(ann)
    row = signed()
    write(row)
    ann.died = True
    ann.save(update_fields=["died"])

    turn(Posted(), minutes=10)

    found = came_of(row)
    assert (found.sent, found.waiting, found.letters, found.failed) == (1, 1, 1, 1)
    assert "Not sent to Ann Lomas: Who looks after you now. The person has died." in Alert.objects.values_list(
        "words", flat=True
    )


def test_what_became_of_each_is_counted():
    world = at_work()
    row = signed()
    write(row)
    by = make.viewer(given="Joanne", organisation=northmoor().pk)

    outbox.withdraw(message=Message.objects.get(person=world["stan"], about="transfer").pk, by=by)

    found = came_of(row)
    assert (found.waiting, found.taken_back, found.is_open, found.by) == (1, 1, False, "Nadia Fielding")
    assert (found.asked, found.total) == (2, 2)


# ---- whom


def protected(person, **_):
    person.protected = True
    person.save(update_fields=["protected"])


def allowed(person, row):
    protected(person)
    AddressGrant.objects.create(person=person, team=make.team(), ends_on=date(2026, 12, 1), **DATED)


def objects(person, row, **other):
    Objection.objects.create(person=person, kind="sharing", **(DATED | other))


def unknown(person, row):
    Relationship.objects.filter(person=person).update(ends_on=make.TODAY)


def homeless(person, row):
    person.address = ""
    person.save(update_fields=["address"])


CASES = {
    "well": (lambda person, row: None, Channel.LETTER, None),
    "signs in": (lambda person, row: signs_in(person), Channel.HERE, None),
    "died": (
        lambda person, row: type(person).objects.filter(pk=person.pk).update(died=True),
        Channel.LETTER,
        Stop.DIED,
    ),
    "protected": (lambda person, row: protected(person), Channel.LETTER, Stop.PROTECTED),
    "protected, and reads here": (
        lambda person, row: (protected(person), signs_in(person)),
        Channel.HERE,
        None,
    ),
    "protected, and the team may know it": (allowed, Channel.LETTER, None),
    "nobody knows them": (unknown, Channel.LETTER, Stop.ENDED),
    "no address": (homeless, Channel.LETTER, Stop.NOWHERE),
    "cannot sign in any more": (
        lambda person, row: Account.objects.filter(pk=signs_in(person).pk).update(is_active=False),
        Channel.LETTER,
        None,
    ),
    "objects to sharing": (objects, Channel.LETTER, Stop.OBJECTED),
    "objects to what the old one wrote": (
        lambda person, row: objects(person, row, organisation=row.from_organisation),
        Channel.LETTER,
        Stop.OBJECTED,
    ),
    "objects to what another wrote": (
        lambda person, row: objects(person, row, organisation=make.organisation("MILL")),
        Channel.LETTER,
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_asked_of_many_at_once_it_is_what_the_outbox_asks_of_one_when_it_goes(case):
    change, channel, stop = CASES[case]
    at_work()
    person = on_it("Firth", "Dora")
    row = signed()
    change(person, row)

    [found] = [one for one in queries.whom(row, writer=new_side().id, at=make.AT) if one.person == person.pk]

    told = {"channel": channel, "to_kind": ToKind.PERSON, "to_id": person.pk, "made_by": new_side().id}
    message = Message(person=person, team=make.team(), sender=northmoor(), about_id=row.pk, data_class="WORK", **told)
    slow = checked(message=message, secure=(), at=make.AT).stop
    assert (found.channel, found.stop) == (channel, stop)
    # what is for the person themselves goes although they object: here nobody writes to them from it
    assert slow == (None if stop == Stop.OBJECTED else stop)


def test_every_reason_that_is_found_beforehand_is_said():
    assert {stop for _, _, stop in CASES.values() if stop} == WHY_NOT.keys()


def test_whoever_came_or_left_since_is_not_written_to_nor_whoever_is_looked_after_by_nobody_of_the_new_side():
    world = at_work()
    row = signed()
    come_off(
        caseload=world["places"][1].pk,
        reason=OffReason.MOVED,
        words="",
        by=make.viewer(RoleCode.CARE_COORDINATOR, given="Sadia", at=make.ago(hours=-1)),
    )
    on_it_later = make.person("Late", "Lena")
    take_on(new=new(on_it_later), by=make.viewer(RoleCode.CARE_COORDINATOR, given="Sadia", at=make.ago(hours=-1)))

    assert [one.person for one in queries.whom(row, writer=new_side().id, at=make.AT)] == [world["peggy"].pk]

    Team.objects.filter(pk=make.team().pk).update(lead_organisation=make.organisation("MILL"))
    assert queries.whom(row, writer=new_side().id, at=make.AT) == []


def test_an_earlier_identity_is_on_no_list_and_in_no_count():
    at_work()
    person, before = make.person("New", "Nell"), on_it("Old", "Nell")
    keep_apart(person=person, earlier=before, kind="gender recognition", reason="-", by=system(at=make.AT))
    row = signed()

    found = see(row)

    assert (found.to_write, found.not_written, queries.how_many(row)) == (2, (), 2)


def test_whoever_is_on_two_caseloads_gets_one_message_that_names_both_teams():
    world, hilltop = at_work(), make.team("hilltop", phone="0161 496 0102")
    by = make.viewer(RoleCode.CARE_COORDINATOR, given="Sadia", teams=frozenset({hilltop.pk}))
    make.member(make.practitioner("Sadia"), hilltop)
    take_on(new=new(world["peggy"], team=hilltop.pk), by=by)
    row = moved(teams=(make.team().pk, hilltop.pk))
    for side in (old_side(), new_side()):
        transfers.sign(transfer=row.pk, words="", by=side)

    write(row)

    hers = Message.objects.get(person=world["peggy"], about="transfer")
    assert "Your care comes from the Hilltop team and Riverside team." in hers.body
    assert "ring the Hilltop team and Riverside team on 0161 496 0102 or 0161 496 0101." in hers.body
    assert hers.team == hilltop


def test_two_records_of_one_human_being_are_one_message():
    world = at_work()
    alias = on_it("Hargreaves", "Maggie")
    row = signed()
    alias.merged_into = world["peggy"]
    alias.merged_at = make.AT
    alias.save()

    write(row)

    assert to() == ["Peggy Hargreaves", "Stan Bright"]


# ---- again


def test_pressed_twice_nobody_is_written_to_twice():
    at_work()
    row = signed()
    write(row)

    with pytest.raises(Refused, match="nobody left to write to. Nadia Fielding began .* 5 November 2026 at 09:41."):
        write(row)

    assert to() == ["Peggy Hargreaves", "Stan Bright"]
    assert Event.objects.filter(what="transfer.people-written-to").count() == 1


def test_written_to_again_those_alone_get_one_who_could_not_before():
    at_work()
    dora = on_it("Firth", "Dora", address="")
    row = signed()
    write(row)
    before = came_of(row).not_written
    dora.address = "1 High Street"
    dora.save(update_fields=["address"])

    write(row, by=later(new_side(), minutes=5))

    found = came_of(row)
    assert (before, found.not_written) == ((("They cannot sign in here, and nobody knows where they live", 1),), ())
    assert to() == ["Dora Firth", "Peggy Hargreaves", "Stan Bright"]


def test_what_was_taken_back_is_not_written_again():
    world = at_work()
    row = signed()
    write(row)
    Message.objects.filter(person=world["stan"], about="transfer").update(state=MessageState.WITHDRAWN)

    assert see(row).to_write == 0


def test_many_are_written_to_batch_by_batch_and_the_background_work_goes_on():
    at_work()
    for number in range(5):
        on_it("Many", f"Mo{number}")
    row = signed()

    run = write(row, most=2)
    first = came_of(row)
    same = write(row, most=2)
    turns = [write_due(by=system(at=later(new_side(), minutes=2).at), most=2) for _ in range(2)]

    found = came_of(row)
    assert (first.is_open, first.asked, first.total, same.pk) == (True, 2, 7, run.pk)
    assert (turns, found.is_open, found.asked, len(to())) == ([5, 0], False, 7, 7)
    assert set(Message.objects.filter(about="transfer").values_list("made_by", flat=True)) == {new_side().id}


def test_whoever_presses_while_another_writes_reads_who_began():
    at_work()
    for number in range(3):
        on_it("Many", f"Mo{number}")
    row = signed()
    write(row, most=2)

    other = new_side(id=make.practitioner("Noel", employer=northmoor()).pk)
    with pytest.raises(Refused, match="Nadia Fielding began to write to them already, 5 November 2026 at 09:41."):
        write(row, by=other)


# ---- what is missing, and who may


def test_before_both_signed_nobody_is_written_to():
    at_work()
    row = moved()

    for ask in (lambda: see(row), lambda: write(row), lambda: came_of(row)):
        with pytest.raises(Refused, match="once both organisations have signed"):
            ask()

    assert to() == []


def test_without_the_places_words_or_a_telephone_number_it_says_what_to_add():
    at_work()
    row = signed()
    Team.objects.update(phone="")

    found = see(row, templates=[])
    with pytest.raises(Refused, match="service-moved.*Riverside team has no telephone number"):
        write(row, templates=[])

    assert [one.partition(":")[0] for one in found.missing] == [
        "The place has no words for this yet",
        "Riverside team has no telephone number, so nobody could be told whom to ring",
    ]
    assert to() == []


@pytest.mark.parametrize("who", ["old side", "administrator of neither", "nurse of the new side"])
def test_only_the_side_that_looks_after_them_now_writes_and_sees_the_counts(who):
    at_work()
    row = signed()
    viewer = {
        "old side": old_side(),
        "administrator of neither": administrator(organisation=make.organisation("MILL").pk),
        "nurse of the new side": make.viewer(organisation=northmoor().pk),
    }[who]

    for ask in (
        lambda: see(row, viewer=viewer),
        lambda: write(row, by=viewer),
        lambda: queries.writing(viewer=viewer, transfer=row.pk),
    ):
        with pytest.raises(NoAccess):
            ask()

    assert to() == []


def test_to_the_board_of_a_third_organisation_it_is_not_there():
    at_work()
    row = signed()
    other = old_side(organisation=make.organisation("MILL").pk)

    with pytest.raises(NotFound):
        see(row, viewer=other)
    with pytest.raises(NotFound):
        write_to_people(transfer=new_id(), templates=templates(), by=new_side())


@pytest.mark.parametrize("many", [1, 3])
def test_the_preview_asks_as_much_for_one_as_for_three(django_assert_num_queries, many):
    at_work()
    for number in range(many):
        on_it("Many", f"Mo{number}")
    row, viewer, words = signed(), new_side(), templates()

    with django_assert_num_queries(PREVIEW_QUERIES):
        queries.preview(viewer=viewer, transfer=row.pk, templates=words)


PREVIEW_QUERIES = 10


# ---- two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.sql
def test_of_two_who_press_at_once_one_writes_and_the_other_reads_who():
    at_work()
    row, words = signed(), templates()
    by, other = new_side(), new_side(id=make.practitioner("Noel", employer=northmoor()).pk)

    _, second = while_the_first_is_not_done(
        lambda: write_to_people(transfer=row.pk, templates=words, by=by),
        lambda: write_to_people(transfer=row.pk, templates=words, by=other),
    )

    assert second == (
        "There is nobody left to write to. Nadia Fielding began to write to them already, 5 November 2026 at 09:40."
    )
    assert to() == ["Peggy Hargreaves", "Stan Bright"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.sql
def test_two_at_work_never_write_the_same():
    at_work()
    for number in range(4):
        on_it("Many", f"Mo{number}")
    row, at = signed(), make.AT + timedelta(minutes=5)
    write(row, most=1)

    while_the_first_is_not_done(
        lambda: write_due(by=system(at=at), most=2), lambda: write_due(by=system(at=at), most=2)
    )

    assert (len(to()), came_of(row).is_open) == (6, False)
