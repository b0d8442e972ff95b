"""Asking another to do something for somebody: answered, told, ended, taken back; and seen by those two alone."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from locality.access.actions import break_glass, record_objection
from locality.access.models import AddressGrant, Relationship
from locality.access.queries import openable
from locality.access.rules import ObjectionKind
from locality.base import NoAccess, NotFound, Refused
from locality.base.periods import LONDON
from locality.journal.models import Event
from locality.neighbourhoods.actions import referral_answers, referrals, tasks
from locality.neighbourhoods.actions.referral_in import take_away
from locality.neighbourhoods.actions.referral_looking import list_referrals, open_referral
from locality.neighbourhoods.actions.referrals import AskedBefore
from locality.neighbourhoods.models import Alert, Caseload, Referral, ReferralHistory, Task
from locality.neighbourhoods.queries import inbox as inbox_of
from locality.neighbourhoods.queries import referral_facts
from locality.neighbourhoods.queries import referrals as queries
from locality.neighbourhoods.queries.inbox import Wanted
from locality.neighbourhoods.queries.referrals import Asked, Side, Waiting
from locality.neighbourhoods.rules.referrals import (
    MOVES,
    OPEN,
    Declined,
    Outcome,
    ReferralMove,
    ReferralMoveNotAllowed,
    ReferralState,
    Urgency,
    next_state,
)
from locality.neighbourhoods.rules.tasks import TaskMove
from locality.people.models import Person
from tests import factories as make
from tests.neighbourhoods.referral_world import (
    accept,
    befriending,
    later,
    new,
    nurse,
    refer,
    say,
    therapist,
    volunteer,
)
from tests.neighbourhoods.work import known, task

pytestmark = pytest.mark.django_db
ABSENT = UUID("00000000-0000-4000-8000-000000000000")
HOUR = timedelta(hours=1)


def asked(rows) -> list[str]:
    return [one.asked for one in rows]


def states() -> list[str]:
    return list(ReferralHistory.objects.order_by("at", "pk").values_list("became", flat=True))


@pytest.mark.parametrize("move", list(ReferralMove))
def test_a_referral_moves_from_these_states_and_no_others(move):
    before, after = MOVES[move]

    for state in ReferralState:
        if state in before:
            assert next_state(state, move) == after
        else:
            with pytest.raises(ReferralMoveNotAllowed):
                next_state(state, move)


def test_what_is_asked_of_a_team_is_on_its_list_and_on_ours_and_on_nobody_elses():
    peggy = known()
    refer(peggy)
    stranger = make.viewer(given="Omar", teams=frozenset({make.team("bridge").pk}))

    assert asked(queries.listed(viewer=therapist())) == ["A rail on the stairs"]
    assert asked(queries.listed(viewer=nurse(), asked=Asked(side=Side.SENT))) == ["A rail on the stairs"]
    assert queries.listed(viewer=nurse()) == []
    assert [queries.listed(viewer=stranger, asked=Asked(side=side)) for side in Side] == [[], [], []]
    assert openable(viewer=therapist(), person_ids=[peggy.pk], on=make.TODAY) == {peggy.pk}


def test_nobody_else_opens_it_answers_it_or_takes_it_back():
    row = refer()
    stranger = make.viewer(given="Omar", teams=frozenset({make.team("bridge").pk}))

    for refused in (
        lambda: queries.referral(viewer=stranger, referral_id=row.pk),
        lambda: open_referral(referral=row.pk, by=stranger),
        lambda: accept(row, by=stranger),
        lambda: accept(row, by=nurse()),  # whoever asks does not answer
        lambda: say(row, ReferralMove.WITHDRAW, by=therapist()),  # nor the other way round
        lambda: referral_answers.undo(referral=row.pk, by=stranger),
    ):
        with pytest.raises(NotFound):
            refused()
    assert states() == ["sent"]


def test_accepting_takes_nobody_over():
    peggy = known()
    before = Caseload.objects.count()
    row = accept(refer(peggy))

    assert (row.state, row.owner_id, row.answered_at) == ("accepted", therapist().id, make.AT)
    assert Caseload.objects.count() == before
    assert not Relationship.objects.filter(person=peggy, team=make.team("hilltop"), kind="caseload").exists()


def test_from_the_first_word_to_the_outcome_each_step_is_kept_and_told_to_whoever_asked():
    row, tom = refer(), therapist()
    tuesday = make.AT + timedelta(days=5)

    say(row, ReferralMove.ASK_MORE, by=tom, words="Which side?")
    say(row, ReferralMove.ANSWER_MORE, by=later(nurse(), minutes=1), words="The left")
    say(row, ReferralMove.ACCEPT, by=later(tom, minutes=2))
    say(row, ReferralMove.BOOK, by=later(tom, minutes=3), at=tuesday, where="At home")
    say(row, ReferralMove.SEE, by=later(tom, days=6))
    say(row, ReferralMove.FINISH, by=later(tom, days=7), outcome=Outcome.MET, words="The rail is up")

    row.refresh_from_db()
    assert states() == ["sent", "more asked", "sent", "accepted", "booked", "seen", "done"]
    assert (row.state, row.outcome, row.outcome_words, row.booked_at) == ("done", "met", "The rail is up", tuesday)
    told = Alert.objects.filter(team=make.team()).order_by("made_at").values_list("words", flat=True)
    assert list(told) == [
        "Hilltop team asks for more: A rail on the stairs (Which side?)",
        "Hilltop team accepted: A rail on the stairs",
        "Hilltop team booked it: A rail on the stairs (Tue 10 Nov 2026, 09:40, At home)",
        "Hilltop team saw them: A rail on the stairs",
        "Hilltop team finished: A rail on the stairs (What was wanted came about: The rail is up)",
    ]
    assert list(Alert.objects.filter(team=make.team("hilltop")).values_list("words", flat=True)) == [
        "Riverside team answered what you asked: A rail on the stairs (The left)"
    ]


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (ReferralMove.DECLINE, referral_answers.SAY_WHY_NOT),
        (ReferralMove.ASK_MORE, referral_answers.SAY_MORE),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(move, words):
    row = refer()

    with pytest.raises(Refused, match=words.split(":")[0]):
        say(row, move, by=therapist())
    with pytest.raises(Refused, match="when it is booked"):
        say(accept(row), ReferralMove.BOOK, by=therapist())
    with pytest.raises(Refused, match="before it was sent"):
        say(row, ReferralMove.BOOK, by=therapist(), at=make.AT - HOUR)
    with pytest.raises(Refused, match="what came of it"):
        say(row, ReferralMove.FINISH, by=therapist())


def test_no_with_a_reason_ends_the_receivers_reason_to_know_them_tomorrow():
    peggy = known()
    row = refer(peggy)

    say(row, ReferralMove.DECLINE, by=therapist(), declined=Declined.NO_CAPACITY, words="Until March")

    reason = Relationship.objects.get(person=peggy, team=make.team("hilltop"))
    assert (reason.ends_on, reason.ended_by) == (make.TODAY + timedelta(days=1), therapist().id)
    row.refresh_from_db()
    assert (row.state, row.declined, row.declined_words) == ("declined", "no capacity", "Until March")
    tomorrow = therapist(at=make.AT + timedelta(days=1))
    assert openable(viewer=tomorrow, person_ids=[peggy.pk], on=date(2026, 11, 6)) == set()


def test_what_else_the_receiver_has_to_do_keeps_its_reason_and_so_does_a_second_referral():
    peggy = known()
    first, second = refer(peggy), refer(peggy, asked="A bath board", all_the_same="Another thing")
    row = task(peggy, team=make.team("hilltop").pk)
    Task.objects.filter(pk=row.pk).update(relationship=first.relationship)

    say(first, ReferralMove.WITHDRAW, by=nurse())
    assert Relationship.objects.get(pk=first.relationship_id).ended_at is None
    say(second, ReferralMove.WITHDRAW, by=nurse())
    assert Relationship.objects.get(pk=first.relationship_id).ended_at is None
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=therapist())

    assert Relationship.objects.get(pk=first.relationship_id).ended_at == make.AT


def test_a_receiver_with_a_reason_of_its_own_keeps_it():
    peggy = known(known(), code="hilltop")
    row = refer(peggy)

    say(row, ReferralMove.DECLINE, by=therapist(), declined=Declined.ALREADY_KNOWN)

    kept = Relationship.objects.get(person=peggy, team=make.team("hilltop"), kind="caseload")
    assert (kept.ended_at, kept.ends_on) == (None, None)


def test_pressed_by_mistake_it_is_as_if_it_had_not_been():
    peggy = known()
    row, tom = refer(peggy), therapist()
    say(row, ReferralMove.DECLINE, by=tom, declined=Declined.NO_CAPACITY)

    referral_answers.undo(referral=row.pk, by=later(tom, minutes=14))

    row.refresh_from_db()
    assert (row.state, row.declined, row.answered_at, row.ended_at, row.owner_id) == ("sent", "", None, None, None)
    assert row.relationship.ended_at is None
    assert states() == ["sent", "declined", "sent"]
    assert asked(queries.listed(viewer=later(tom, days=1))) == ["A rail on the stairs"]


def test_it_is_taken_back_soon_after_by_whoever_pressed_it_and_nothing_since():
    row, tom = refer(), therapist()
    accept(row)
    other = make.viewer(given="Una", teams=tom.teams)

    for by in (later(tom, minutes=16), other, nurse()):
        with pytest.raises(Refused, match="cannot be taken back any more"):
            referral_answers.undo(referral=row.pk, by=by)
    say(row, ReferralMove.BOOK, by=later(tom, minutes=1), at=make.AT + HOUR)
    referral_answers.undo(referral=row.pk, by=later(tom, minutes=2))
    row.refresh_from_db()
    assert (row.state, row.booked_at, row.answered_at) == ("accepted", None, make.AT)
    with pytest.raises(Refused):
        referral_answers.undo(referral=row.pk, by=later(tom, minutes=3))


def test_asked_again_its_clock_and_its_reason_start_afresh():
    peggy = known()
    row = refer(peggy, urgency=Urgency.URGENT)
    say(row, ReferralMove.DECLINE, by=therapist(), declined=Declined.NO_CAPACITY)

    say(row, ReferralMove.REOPEN, by=later(nurse(), days=4), words="They have room now")

    row.refresh_from_db()
    assert (row.state, row.declined, row.ended_at) == ("sent", "", None)
    assert row.answer_by.astimezone(LONDON).isoformat() == "2026-11-09T13:40:00+00:00"
    assert row.relationship.ended_at is None


def test_the_clock_stands_still_while_the_sender_is_asked():
    row, tom = refer(urgency=Urgency.URGENT), therapist()
    assert row.answer_by == make.AT + 4 * HOUR

    say(row, ReferralMove.ASK_MORE, by=later(tom, hours=1), words="Which side?")
    say(row, ReferralMove.ANSWER_MORE, by=later(nurse(), hours=3), words="The left")

    row.refresh_from_db()
    assert row.answer_by == make.AT + 6 * HOUR


def test_the_same_asked_lately_is_shown_with_who_sent_it_and_sent_all_the_same_with_a_reason():
    peggy = known()
    first = refer(peggy)
    say(first, ReferralMove.DECLINE, by=therapist(), declined=Declined.NO_CAPACITY)

    with pytest.raises(AskedBefore) as refused:
        refer(peggy, by=nurse(at=make.AT + timedelta(days=27)))
    assert [(one.from_name, one.state) for one in refused.value.before] == [("Riverside team", "declined")]
    again = refer(peggy, by=nurse(at=make.AT + timedelta(days=27)), all_the_same="They have room now")

    assert again.all_the_same == "They have room now"
    assert Referral.objects.count() == 2


def test_the_same_need_to_another_receiver_is_noticed_and_another_need_is_not():
    peggy = known()
    refer(peggy)

    with pytest.raises(AskedBefore):
        refer(peggy, to_service=befriending().pk, need="Falls")
    refer(peggy, to_service=befriending().pk, need="loneliness")
    refer(peggy, to_organisation=make.organisation("circle").pk, need="")

    assert Referral.objects.count() == 3


def test_what_ended_long_ago_is_no_duplicate_and_somebody_elses_never_is():
    peggy, stan = known(), known(make.person("Walker", "Stan", nhs_number=""))
    first = refer(peggy)
    say(first, ReferralMove.WITHDRAW, by=nurse())

    refer(stan)
    refer(peggy, by=nurse(at=make.AT + timedelta(days=29)))

    assert Referral.objects.count() == 3


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"asked": " "}, "Say what you ask for"),
        ({"to_team": None}, "Choose a team"),
        ({"to_organisation": ABSENT, "to_team": ABSENT}, "Choose a team"),
    ],
)
def test_what_is_not_whole_is_not_sent(other, words):
    with pytest.raises(Refused, match=words):
        refer(**other)
    assert Referral.objects.count() == 0


def test_of_ones_own_team_nothing_is_asked_and_nobody_who_died_is_referred():
    peggy = known()
    with pytest.raises(Refused, match="your own team"):
        refer(peggy, to_team=make.team().pk)
    peggy.died = True
    peggy.save(update_fields=["died"])

    with pytest.raises(Refused, match="They have died"):
        refer(peggy)


def test_whoever_broke_the_glass_reads_and_does_not_refer():
    peggy = known()
    ruth = make.stranger()
    break_glass(person_id=peggy.pk, reason_code="emergency", words="Found unwell at home", by=ruth)

    with pytest.raises(Refused, match="not act on it"):
        referrals.refer(new=new(to_team=make.team("bridge").pk), grant=make.opened(peggy, ruth), by=ruth)


def test_a_service_of_a_charity_is_received_by_those_who_work_there_and_by_no_other_organisation():
    peggy = known()
    row = refer(peggy, to_service=befriending().pk, need="loneliness")
    elsewhere = make.viewer(given="Nell", organisation=make.organisation("carers").pk, teams=frozenset())

    assert asked(queries.listed(viewer=volunteer())) == ["A rail on the stairs"]
    assert queries.listed(viewer=elsewhere) == []
    with pytest.raises(NoAccess):
        make.opened(peggy, elsewhere)
    accept(row, by=volunteer())
    say(row, ReferralMove.FINISH, by=volunteer(), outcome=Outcome.MET)
    with pytest.raises(NoAccess):
        make.opened(peggy, volunteer(at=make.AT + timedelta(days=1)))


def test_a_practice_asks_as_a_whole_and_reads_the_answer_in_its_list_and_in_its_inbox():
    peggy = make.person()
    practice = make.organisation("MILL")
    make.relationship(peggy, organisation=practice, kind="registered_practice")
    gp = make.viewer(given="Helen", organisation=practice.pk, teams=frozenset())
    another = make.viewer(given="Omar", organisation=make.organisation("HILL").pk, teams=frozenset())

    row = refer(peggy, by=gp, team=None, sender=practice.pk)
    accept(row)

    assert asked(queries.listed(viewer=gp, asked=Asked(side=Side.SENT))) == ["A rail on the stairs"]
    assert queries.waiting(viewer=gp) == Waiting(to_answer=0, overdue=0, asked_of_us=0, answered_lately=1)
    assert [one.words for one in inbox_of.told(viewer=gp)] == [f"{make.team('hilltop').name} accepted: {row.asked}"]
    assert inbox_of.told(viewer=another, wanted=Wanted(mine=False)) == []


def test_what_is_asked_of_an_organisation_as_a_whole_and_withdrawn_is_told_to_it_and_to_nobody_of_another():
    peggy = known()
    row = refer(peggy, to_organisation=make.organisation("circle").pk)
    say(row, ReferralMove.ASK_MORE, by=volunteer(), words="Which evening?")

    say(row, ReferralMove.ANSWER_MORE, by=later(nurse(), minutes=1), words="Tuesday")

    [told] = inbox_of.told(viewer=volunteer(at=make.AT + timedelta(minutes=2)))
    assert told.words == f"{make.team().name} answered what you asked: {row.asked} (Tuesday)"
    assert [one.kind for one in inbox_of.told(viewer=nurse())] == ["mentioned"]
    assert inbox_of.told(viewer=therapist()) == []


def test_the_list_is_by_what_is_due_first_searched_within_and_narrowed():
    peggy = known()
    stan = known(make.person("Walker", "Stan", nhs_number=""))
    refer(peggy, urgency=Urgency.ROUTINE)
    refer(stan, asked="Walk the stairs with him", urgency=Urgency.URGENT, need="stairs")
    tom = therapist()

    def found(**told):
        return asked(queries.listed(viewer=told.pop("by", tom), asked=Asked(**told)))

    assert found() == ["Walk the stairs with him", "A rail on the stairs"]
    assert found(words="walker") == ["Walk the stairs with him"]
    assert found(words="stairs nobody") == []
    assert found(urgency=Urgency.ROUTINE) == ["A rail on the stairs"]
    assert found(state="overdue") == []
    assert found(state="overdue", by=later(tom, hours=5)) == ["Walk the stairs with him"]
    assert found(state="declined") == []
    assert queries.waiting(viewer=later(tom, hours=5)) == Waiting(
        to_answer=2, overdue=1, asked_of_us=0, answered_lately=0
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        refer(known(make.person(f"F{number}", f"Given{number}", nhs_number="")))
    tom = therapist()

    with django_assert_num_queries(5):
        rows = list_referrals(by=tom).rows

    assert len(rows) == count
    assert Event.objects.filter(what="referral.listed").count() == count


def test_what_is_asked_for_somebody_is_on_their_page_the_open_first():
    peggy = known()
    over = refer(peggy)
    say(over, ReferralMove.WITHDRAW, by=nurse())
    refer(peggy, asked="A bath board", need="washing", all_the_same="Another thing")

    grant = make.opened(peggy, nurse())

    assert asked(queries.of_person(grant=grant)) == ["A bath board", "A rail on the stairs"]
    assert [one.state in OPEN for one in queries.of_person(grant=grant)] == [True, False]


def test_opening_one_is_written_down_with_the_person():
    row = refer()

    one, grant = open_referral(referral=row.pk, by=therapist())

    assert (one.referral.asked, one.sent_by, grant.person.pk) == (row.asked, "Joanne Fielding", row.person_id)
    assert Event.objects.get(what="referral.opened").about_id == row.pk


@pytest.mark.parametrize("since", ["died", "objects"])
def test_nothing_is_asked_again_for_whoever_has_died_or_objects_since(since):
    row = refer(to_organisation=make.organisation("circle").pk)
    say(row, ReferralMove.WITHDRAW, by=later(nurse(), minutes=1))
    if since == "died":
        Person.objects.filter(pk=row.person_id).update(died=True)
    else:
        record_objection(person_id=row.person_id, kind=ObjectionKind.SHARING, words="She said so", by=nurse())

    with pytest.raises(Refused, match="have died" if since == "died" else "object"):
        say(row, ReferralMove.REOPEN, by=later(nurse(), minutes=2))

    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_a_colleague_who_belongs_to_both_teams_answers_and_the_other_team_is_told():
    sender, both = nurse(), therapist(id=make.practitioner("Both", "Teams").pk)
    both = make.replace(both, teams=frozenset({make.team().pk, make.team("hilltop").pk}))
    row = refer(by=sender)

    accept(row, by=both)
    say(row, ReferralMove.WITHDRAW, by=both)

    told = Alert.objects.order_by("made_at", "pk").values_list("team__code", "words")
    assert sorted(told) == [
        ("hilltop", "Riverside team withdrew it: A rail on the stairs"),
        ("riverside", "Hilltop team accepted: A rail on the stairs"),
    ]


def test_whoever_asked_is_not_told_what_they_answered_themselves():
    both = nurse(teams=frozenset({make.team().pk, make.team("hilltop").pk}))
    row = refer(by=both)

    accept(row, by=both)

    assert Alert.objects.count() == 0
    assert row.relationship.team == make.team("hilltop")


@pytest.mark.parametrize("data_class", ["SENS", "SAFE"])
def test_a_sensitive_line_is_ticked_by_hand_alone_and_read_by_those_whose_role_opens_it(data_class):
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.allergy("Abacavir (HIV)", "387005008", id="a2"), data_class=data_class)
    make.resource(gp, make.allergy())
    grant = make.opened(person, nurse(role="safeguarding_lead"))
    known_ = [one for one in referral_facts.known_of(grant=grant, at=make.AT) if one.kind == "allergies"]

    usual = referral_facts.usual(known_, is_charity=False)
    row = refer(person, to_organisation=make.organisation("circle").pk, facts=[one.as_sent() for one in known_])

    said = {one.key: one.words for one in known_}
    assert sorted("Abacavir" in words for words in said.values()) == [False, True]
    assert ["Abacavir" in said[key] for key in usual] == [False]
    coordinator = nurse(role="care_coordinator")
    for viewer, reads in ((volunteer(), False), (coordinator, False), (nurse(), data_class == "SENS")):
        found = queries.referral(viewer=viewer, referral_id=row.pk).facts
        assert ("Abacavir" in str(found), len(found)) == (reads, 2 if reads else 1)


def test_another_system_is_sent_no_line_that_whoever_takes_it_away_may_not_read():
    closed = {"heading": "Allergies", "words": "Abacavir", "data_class": "SENS", "on": "2026-11-05"}
    open_ = {"heading": "Allergies", "words": "Penicillin", "data_class": "SUM", "on": "2026-11-05"}
    row = refer(facts=[closed, open_])

    sent = str(take_away(referral_id=row.pk, by=nurse(role="care_coordinator")))

    assert ("Abacavir" in sent, "Penicillin" in sent) == (False, True)


def test_how_they_are_reached_is_shown_to_those_alone_who_may_know_a_protected_address():
    row = refer(contact="07700 900123, at 9 Refuge Road")
    tom = therapist()
    before = queries.referral(viewer=tom, referral_id=row.pk).contact
    Person.objects.filter(pk=row.person_id).update(protected=True)
    kept = queries.referral(viewer=tom, referral_id=row.pk).contact
    AddressGrant.objects.create(
        person=row.person,
        practitioner_id=tom.id,
        starts_on=make.TODAY,
        ends_on=make.TODAY + timedelta(days=30),
        reason="Visits",
        made_at=make.AT,
        made_by=tom.id,
    )

    granted = queries.referral(viewer=tom, referral_id=row.pk).contact

    assert (before, kept, granted) == (row.contact, "", row.contact)
