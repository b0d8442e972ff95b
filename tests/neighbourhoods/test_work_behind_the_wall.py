"""Messages, referrals, support, classes and requests behind the second wall: whose they are, asked or forgotten."""

from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from locality.access import wall
from locality.access.models import Relationship
from locality.access.rules import DataClass, RoleCode
from locality.neighbourhoods.actions import corrections, course_sessions, support, transfer_moving
from locality.neighbourhoods.actions import transfers as transfer_signing
from locality.neighbourhoods.actions.outbox import answer_from_person
from locality.neighbourhoods.actions.referral_dismissed import dismiss, put_back
from locality.neighbourhoods.actions.referral_in import try_again
from locality.neighbourhoods.actions.support import NewContact
from locality.neighbourhoods.actions.transfer_people import write_to_people
from locality.neighbourhoods.models import (
    Correction,
    CorrectionHistory,
    CourseMeasure,
    CoursePlace,
    CoursePlaceHistory,
    Message,
    MessageHistory,
    Referral,
    ReferralHistory,
    ReferralLink,
    ReferralReceived,
    Support,
    SupportContact,
    SupportHistory,
    SupportNeed,
    SupportOffer,
)
from locality.neighbourhoods.queries import corrections as asked_right
from locality.neighbourhoods.queries import message_templates, outbox, referrals_received, transfer_people, transfers
from locality.neighbourhoods.queries.referral_links import by_link
from locality.neighbourhoods.queries.support import waiting
from locality.neighbourhoods.rules.corrections import CorrectionAbout
from locality.neighbourhoods.rules.courses import Measure, When
from locality.neighbourhoods.rules.needs import NEED_WORDS
from locality.neighbourhoods.rules.referrals import ReferralMove
from locality.neighbourhoods.rules.referrals_in import Dismissal
from locality.neighbourhoods.rules.support import Way
from tests import factories as make
from tests.neighbourhoods import support_world, transfer_world
from tests.neighbourhoods.mine_world import acts_for, as_person, own
from tests.neighbourhoods.outbox_world import message, signs_in, turn
from tests.neighbourhoods.referral_world import nurse, refer, say, therapist, volunteer
from tests.neighbourhoods.test_bars import received
from tests.neighbourhoods.test_referral_links import TOKEN, answer
from tests.neighbourhoods.test_referral_links import sent as sent_by_link
from tests.neighbourhoods.test_referrals_received import keeper, withdrawn
from tests.neighbourhoods.work import known

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

WORK = (
    *(Correction, CorrectionHistory, CourseMeasure, CoursePlace, CoursePlaceHistory, Message, MessageHistory),
    *(Referral, ReferralHistory, ReferralLink, ReferralReceived, Support, SupportContact, SupportHistory),
    *(SupportNeed, SupportOffer),
)


def shown() -> set[str]:
    """What a query finds that asks for no team, no person and no class."""
    return {model.__name__ for model in WORK if model.objects.exists()}


@pytest.fixture
def peggy():
    """With one of everything: of the riverside team, but for what another organisation's system sent."""
    person = known()
    sent_by_link(person)
    row = support_world.begun(person)
    worker = support_world.worker()
    support.note_need(support=row.pk, need=next(iter(NEED_WORDS)), by=worker)
    support_world.offered(row)
    support.note_contact(support=row.pk, new=NewContact(at=make.ago(hours=1), way=next(iter(Way))), by=worker)
    [place] = support_world.invited(support_world.a_class(), person)
    told = {"measure": next(iter(Measure)), "when": When.BEFORE, "value": Decimal("9.0"), "on": make.TODAY}
    course_sessions.note_measure(place=place.pk, by=make.viewer(), **told)
    wrong = corrections.NewCorrection(about=CorrectionAbout.OTHER, wrong="I have moved")
    corrections.ask(new=wrong, grant=own(person), by=as_person(person))
    received(withdrawn())
    return person


EVERYTHING = {model.__name__ for model in WORK}


def test_to_another_team_a_forgetful_query_shows_nothing_of_it(peggy):
    assert shown() == EVERYTHING

    with wall.up(make.stranger()):
        assert shown() == set()
    with wall.up():
        assert shown() == set()


def test_to_the_team_whose_work_it_is_its_lists_are_open_before_any_record_is(peggy):
    with wall.up(nurse()):
        assert shown() == EVERYTHING - {"ReferralReceived"}


def test_whoever_opens_the_record_is_shown_what_others_do_for_that_person_and_for_nobody_else(peggy):
    other = known(make.person("Other", "Olive"))
    hers = message(other)
    make.relationship(peggy, team=make.team("hilltop"))

    with wall.up(make.stranger()):
        make.opened(peggy, make.stranger())
        assert shown() == EVERYTHING - {"ReferralReceived"}
        assert Message.objects.filter(person=other).count() == 0
        # asked of the history alone: what hangs on a message is as closed as the message
        assert MessageHistory.objects.filter(message=hers.pk).count() == 0


def test_whoever_is_asked_is_shown_the_referral_with_what_became_of_it_and_nothing_else():
    row = refer(known())
    message(known())

    with wall.up(therapist()):
        assert (shown(), Referral.objects.get()) == ({"Referral", "ReferralHistory"}, row)
    with wall.up(volunteer()):
        assert shown() == set()


def test_what_was_sent_to_an_organisation_as_a_whole_is_shown_to_whoever_works_there():
    refer(known(), to_organisation=make.organisation("circle").pk)

    with wall.up(volunteer()):
        assert shown() == {"Referral", "ReferralHistory"}
    with wall.up(therapist()):
        assert shown() == set()


def test_a_class_that_the_role_is_never_told_of_is_shown_to_no_one_of_that_role():
    message(known(), data_class=DataClass.SAFE)

    with wall.up(make.viewer(RoleCode.LINK_WORKER)):
        assert shown() == set()
    with wall.up(make.viewer(RoleCode.SAFEGUARDING_LEAD)):
        assert shown() == {"Message", "MessageHistory"}


def test_what_is_another_teams_is_not_changed_and_none_is_written_in_its_name():
    row = message(known())

    with wall.up(make.stranger()):
        assert Message.objects.filter(pk=row.pk).update(body="-") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            message(known(make.person("Other", "Olive")), by=make.stranger())
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            MessageHistory.objects.create(message=row, what="-", at=make.AT, by=make.stranger().id)


# ---- to whoever signs in for themselves


def test_somebody_is_shown_what_was_written_to_them_before_their_record_is_open_and_nobody_elses():
    person, other = known(), known(make.person("Other", "Olive"))
    for one in (person, other):
        signs_in(one)
    row = message(person)
    message(other, to_id=other.pk)
    turn()

    with wall.up(as_person(person)):
        assert [one.id for one in outbox.to_person(viewer=as_person(person))] == [row.pk]
        assert list(Message.objects.values_list("pk", flat=True)) == [row.pk]
        answer_from_person(message=row.pk, words="Yes, please", by=as_person(person))
    row.refresh_from_db()
    assert row.answer == "Yes, please"


def test_after_a_merge_what_was_written_to_the_alias_is_shown_to_them_too():
    alias, person = known(), known(make.person("Kept", "Peg"))
    message(alias)
    type(alias).objects.filter(pk=alias.pk).update(merged_into=person)

    with wall.up(as_person(person)):
        assert Message.objects.count() == 1
    with wall.up(as_person(make.person("Other", "Olive"))):
        assert Message.objects.count() == 0


def test_whoever_asked_for_something_to_be_put_right_is_shown_it_whatever_its_class():
    person = known()
    make.relationship(person, kind="registered_practice", team=None, organisation=make.organisation("MILL"))
    ann, grant = acts_for(person, make.person("Lomas", "Ann"))
    wrong = corrections.NewCorrection(about=CorrectionAbout.WHO_I_AM, wrong="She has moved")
    with wall.up(ann):
        row = corrections.ask(new=wrong, grant=grant, by=ann)
        assert Correction.objects.get() == row

    helen = make.viewer(given="Helen", organisation=make.organisation("MILL").pk, teams=frozenset())
    with wall.up(helen):
        assert [one.id for one in asked_right.received(viewer=helen)[0]] == [row.pk]
    with wall.up(make.stranger()):
        assert Correction.objects.count() == 0


# ---- work that says by its own right what of it anybody sees


def test_a_link_opens_the_one_referral_on_a_connection_that_is_shown_nothing():
    row = sent_by_link()

    with wall.up():
        assert by_link(token=TOKEN, at=make.AT).asked == row.asked
        answer(ReferralMove.ACCEPT)
        assert Referral.objects.count() == 0
    row.refresh_from_db()
    assert row.state == "accepted"


def test_what_other_systems_sent_is_told_to_who_looks_after_sources_and_tried_again_by_them():
    received(withdrawn())

    with wall.up(keeper()):
        assert [one.refused for one in referrals_received.senders(viewer=keeper())] == [1]
        assert try_again(code="one-one-one", by=keeper()) == (1, 0)
        assert ReferralReceived.objects.count() == 0


def test_what_was_refused_is_dismissed_and_put_back_by_who_looks_after_sources():
    received(withdrawn())
    row = ReferralReceived.objects.get()

    with wall.up(keeper()):
        dismiss(received=row.pk, why=Dismissal.DUPLICATE, by=keeper())
        told = referrals_received.received(viewer=keeper(), code="one-one-one")
        put_back(received=row.pk, by=keeper())
        assert ReferralReceived.objects.count() == 0

    row.refresh_from_db()
    assert ([one.came.id for one in told.dismissed], row.put_back_at) == ([row.pk], keeper().at)


def test_a_referral_taken_back_leaves_the_reason_on_which_another_teams_stands():
    person = known()
    make.relationship(person, team=make.team("third-team"))
    third = make.viewer(given="Thea", teams=frozenset({make.team("third-team").pk}))
    ours = refer(person)
    refer(person, by=third, team=make.team("third-team").pk, need="loneliness", asked="Company", all_the_same="Other")

    with wall.up(nurse()):
        say(ours, ReferralMove.WITHDRAW, by=nurse())

    assert Relationship.objects.get(person=person, team=make.team("hilltop")).ended_at is None


def test_whom_another_team_of_the_organisation_supports_waits_for_nobody():
    person = known()
    row = support_world.referral(person, to_team=None, to_organisation=make.organisation("circle"))
    worker = support_world.worker()
    elsewhere = support_world.worker(teams=frozenset({make.team("hilltop").pk}))
    make.relationship(person, team=make.team("hilltop"))
    with wall.up(elsewhere):
        assert [one.referral for one in waiting(viewer=elsewhere)] == [row.pk]
    support_world.begun(person, by=worker, referral=row.pk)

    with wall.up(elsewhere):
        assert waiting(viewer=elsewhere) == []


def test_whoever_tells_the_people_of_a_service_that_moved_sees_figures_and_none_of_the_messages():
    transfer_world.at_work()
    row = transfer_world.moved()
    viewer, words = transfer_world.new_side(), message_templates.templates(pack="bury")
    for side in (transfer_world.old_side(), viewer):
        transfer_signing.sign(transfer=row.pk, words="", by=side)

    with wall.up(viewer):
        before = transfer_people.preview(viewer=viewer, transfer=row.pk, templates=words).to_write
        write_to_people(transfer=row.pk, templates=words, by=viewer)
        told = transfer_people.writing(viewer=viewer, transfer=row.pk)
        assert Message.objects.count() == 0

    assert (before, told.waiting, told.letters) == (2, 2, 2)


def held_by_the_old(row, viewer) -> dict[str, int]:
    kinds = ("support", "class-places", "put-right", "referrals-service")
    told = {one.kind.code: one.from_now for one in transfers.move(viewer=viewer, transfer=row.pk).rows}
    return {kind: told[kind] for kind in kinds}


def test_whoever_moves_a_service_counts_and_moves_the_work_of_teams_that_they_are_not_in():
    transfer_world.at_work()
    row, viewer = transfer_world.agreed(), transfer_world.administrator()

    with wall.up(viewer):
        before = held_by_the_old(row, viewer)
        transfer_moving.move(transfer=row.pk, by=viewer)
        moved = held_by_the_old(row, viewer)
        transfer_moving.undo(transfer=row.pk, by=viewer)

    assert before == {"support": 1, "class-places": 1, "put-right": 1, "referrals-service": 1}
    assert (moved, held_by_the_old(row, viewer)) == (dict.fromkeys(before, 0), before)
