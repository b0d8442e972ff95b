"""Writing about somebody, the list of what was written, and what they themselves read and answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from locality.access.models import Conflict, Proxy, Relationship
from locality.base import NotFound, Refused, ViewerKind
from locality.journal.models import Event
from locality.neighbourhoods.actions import outbox
from locality.neighbourhoods.actions.outbox import Written
from locality.neighbourhoods.actions.outbox_list import list_outbox
from locality.neighbourhoods.models import Alert, Message
from locality.neighbourhoods.queries import message_templates, receivers
from locality.neighbourhoods.queries import outbox as queries
from locality.neighbourhoods.queries.outbox import Asked
from locality.neighbourhoods.rules.messages import Template, faults, filled, gaps
from locality.neighbourhoods.rules.outbox import Channel, MessageMoveNotAllowed, MessageState, ToKind
from tests import factories as make
from tests.neighbourhoods.outbox_world import Posted, acts_for, form, letter_to, message, peggy, service, turn
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db
PLAIN = Template(code="plain", name="Plain", to=(ToKind.PERSON,), subject="A visit", body="Dear {name}")


def written(to, channel=Channel.HERE, kind=ToKind.PERSON, **other) -> Written:
    told = {"subject": "Our visit", "body": "On Monday at ten.", "form": form(), "team": make.team().pk}
    return Written(to_kind=kind, to_id=to.pk, channel=channel, **(told | other))


def subjects(rows) -> list[str]:
    return [one.subject for one in rows]


def herself(person, **other):
    return make.viewer(kind=ViewerKind.PERSON, id=person.pk, role="", organisation=None, teams=frozenset(), **other)


# ---- templates


def test_a_template_says_what_is_known_and_leaves_a_gap_for_the_rest():
    words = filled("Dear {name}, ring {team_phone}. We come [when].", known={"name": "Peggy"})

    assert words == "Dear Peggy, ring [that team's telephone]. We come [when]."
    assert gaps(words) == ["[that team's telephone]", "[when]"]


def test_what_a_person_is_sent_never_names_their_number():
    wrong = replace(PLAIN, body="Dear {name}, NHS number {nhs_number}, {shoe_size}")

    assert [one.partition(":")[0] for one in faults(wrong)] == [
        "{shoe_size} is no field",
        "{nhs_number} is not told to people",
    ]
    assert faults(replace(wrong, to=(ToKind.PRACTICE,), body="{nhs_number}")) == []


def test_the_packs_own_templates_have_no_fault_and_say_for_whom_they_are():
    told = message_templates.templates(pack="bury")

    assert [faults(one) for one in told] == [[]] * len(told)
    assert {kind for one in told for kind in one.to} == set(ToKind)
    assert message_templates.secure_domains(pack="bury") == ["nhs.net"]
    assert message_templates.templates(pack="rochdale") == []


def test_a_template_is_filled_from_the_record():
    body = "{nhs_number}; {team}, {team_phone}; {writer}, {organisation}; {today}; {to_name}; {practice}; {name}"
    told = Template(code="x", name="X", to=(ToKind.PRACTICE,), subject="{full_name}, born {born}", body=body)

    filled_in = message_templates.begun(
        template=told, grant=make.opened(peggy()), team=make.team(), to_name="Dr Marsden"
    )

    assert filled_in == (
        "Margaret Hargreaves, born 14 March 1942",
        "999 000 0018; Riverside team, 0161 496 0101; Joanne Fielding, Smallborough Hospitals; 5 November 2026; "
        "Dr Marsden; Mill Lane Practice; Peggy",
    )


def test_the_practice_of_somebody_whose_place_is_not_told_is_filled_in_nowhere():
    told = Template(code="x", name="X", to=(ToKind.SERVICE,), subject="x", body="{practice}|")

    filled_in = message_templates.begun(
        template=told, grant=make.opened(peggy(protected=True)), team=make.team(), to_name="x"
    )

    assert filled_in == ("x", "[their practice]|")


# ---- to whom


def test_one_writes_to_the_person_who_acts_for_them_their_practice_and_a_service_that_is_searched_for():
    person = peggy()
    ann = acts_for(person)
    tea = service()

    found = receivers.receivers(grant=make.opened(person), services="circle tea")

    told = [(one.kind, one.id, [way.channel for way in one.open_ways]) for one in found]
    assert told == [
        (ToKind.PERSON, person.pk, [Channel.HERE, Channel.LETTER]),
        (ToKind.PROXY, ann.pk, [Channel.HERE]),
        (ToKind.PRACTICE, make.organisation("MILL").pk, [Channel.PRACTICE]),
        (ToKind.SERVICE, tea.pk, []),
    ]


def test_a_way_that_is_shut_says_why():
    person = known(make.person(phone="07700 900123"))
    make.patient(person, make.source(), email="peggy@home.example")

    ways = receivers.receivers(grant=make.opened(person))[0].ways

    shut = "they cannot sign in here yet"
    assert [(way.channel, way.why_not) for way in ways] == [
        (Channel.HERE, shut),
        (Channel.LETTER, ""),
        (Channel.EMAIL, shut),
        (Channel.TEXT, shut),
    ]


def test_a_protected_address_is_offered_to_nobody_who_may_not_know_it():
    person = peggy(protected=True)
    acts_for(person)

    found = receivers.receivers(grant=make.opened(person))

    assert [(one.kind, [way.channel for way in one.open_ways]) for one in found] == [(ToKind.PERSON, [Channel.HERE])]


def test_of_somebody_who_died_only_their_practice_is_written_to():
    found = receivers.receivers(grant=make.opened(peggy(died=True)), services="tea")

    assert [one.kind for one in found] == [ToKind.PRACTICE]


# ---- writing


def test_what_is_written_on_the_page_waits_and_knows_where_it_was_to_go():
    person = peggy()

    row = outbox.write(written=written(person, Channel.LETTER), grant=make.opened(person), by=make.viewer())

    assert (row.state, row.to_address, row.to_name) == (
        "waiting",
        "7 Weaver's Fold, Smallborough, ZZ1 2QX",
        "Peggy Hargreaves",
    )
    assert row.not_before == make.AT + timedelta(minutes=1)
    assert Event.objects.filter(what="message.written", person_id=person.pk, about_id=row.pk).count() == 1


def test_one_filling_of_the_form_sent_twice_is_one_message():
    person = peggy()
    said, grant = written(person), make.opened(person)

    rows = [outbox.write(written=said, grant=grant, by=make.viewer()) for _ in range(2)]

    assert (rows[0].pk, Message.objects.count()) == (rows[1].pk, 1)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"body": "We come [when]."}, "Fill in what stands in square brackets before it goes: [when]."),
        ({"body": " "}, "Write what it should say: it has a subject and words."),
        ({"body": "a" * 10_001}, "That is longer than 10,000 letters: say it shorter."),
        ({"channel": Channel.TEXT}, "That way is not open to Peggy Hargreaves: no mobile number is known."),
        (
            {"channel": Channel.PRACTICE},
            "That way is not open to Peggy Hargreaves: there is no message to the practice to them.",
        ),
        ({"kind": ToKind.PROXY}, "Nothing may be written to them about this person: look again whom it is for."),
    ],
)
def test_what_cannot_go_says_what_to_mend(other, why):
    person = peggy()

    with pytest.raises(Refused) as refused:
        outbox.write(written=written(person, **other), grant=make.opened(person), by=make.viewer())

    assert (str(refused.value), Message.objects.count()) == (why, 0)


def test_nobody_writes_for_a_team_of_another():
    person = peggy()

    with pytest.raises(Refused, match="That team of yours does not know this person"):
        outbox.write(written=written(person, team=make.team("hilltop").pk), grant=make.opened(person), by=make.viewer())


def test_who_reads_alone_writes_to_nobody():
    person = peggy()
    grant = make.opened(person)
    reads = replace(grant, opening=replace(grant.opening, writes=False))

    with pytest.raises(Refused, match="You may read this record and not act on it"):
        outbox.write(written=written(person), grant=reads, by=make.viewer())


# ---- the list


def test_the_list_is_the_newest_first_and_narrowed():
    person = peggy()
    message(person, subject="First")
    letter_to(person, subject="Second", by=make.viewer(given="Sadia", at=make.AT + timedelta(minutes=1)))
    turn()
    nurse = make.viewer(at=make.AT + timedelta(minutes=9))
    found = {
        Asked(): ["Second", "First"],
        Asked(mine=True): ["First"],
        Asked(state=MessageState.SENT): ["First"],
        Asked(to_see_to=True): ["Second"],
        Asked(channel=Channel.LETTER): ["Second"],
        Asked(words="hargreaves first"): ["First"],
        Asked(words="nothing"): [],
    }

    assert {asked: subjects(queries.listed(viewer=nurse, asked=asked)[0]) for asked in found} == found
    assert (queries.waiting(viewer=nurse), queries.counts(viewer=nurse).by_state[MessageState.SENT]) == (1, 1)
    assert (queries.counts(viewer=nurse).to_post, queries.counts(viewer=nurse, mine=True).to_post) == (1, 0)


def test_another_team_neither_lists_nor_opens_nor_moves_it():
    row, ruth = message(peggy()), make.stranger()

    assert (queries.listed(viewer=ruth)[0], queries.waiting(viewer=ruth)) == ([], 0)
    assert queries.of_things(viewer=ruth, ids=[row.pk]) == {row.pk: []}
    for refused in (
        lambda: queries.message(viewer=ruth, message_id=row.pk),
        lambda: outbox.withdraw(message=row.pk, by=ruth),
        lambda: outbox.retry(message=row.pk, by=ruth),
        lambda: outbox.note_answer(message=row.pk, words="Yes", by=ruth),
    ):
        with pytest.raises(NotFound):
            refused()
    assert Message.objects.get().state == "waiting"


def test_whoever_must_not_look_at_somebody_lists_no_message_about_them():
    person, nurse = peggy(), make.viewer()
    message(person)
    Conflict.objects.create(
        practitioner_id=nurse.id, person=person, kind="family", starts_on=make.TODAY, made_at=make.AT, made_by=nurse.id
    )

    assert queries.listed(viewer=nurse)[0] == []


def test_about_somebody_whom_the_team_no_longer_knows_it_is_on_no_list():
    message(peggy())
    Relationship.objects.update(ends_on=make.TODAY)

    assert queries.listed(viewer=make.viewer())[0] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        message(known(make.person(given=f"Given{number}", family=f"F{number}")))
    nurse = make.viewer()

    with django_assert_num_queries(5):
        found = list_outbox(by=nurse)

    assert len(found.rows) == count
    assert Event.objects.filter(what="message.listed").count() == count


def test_what_was_written_about_her_stands_on_her_page_for_whoever_opens_it():
    person = peggy()
    message(person, subject="Hers")
    message(known(make.person("Okafor", "Stan")), subject="His")

    assert subjects(queries.of_person(grant=make.opened(person))) == ["Hers"]


def test_one_message_tells_what_became_of_it_newest_first():
    row = message(peggy())
    turn()
    outbox.note_answer(
        message=row.pk, words="She rang: Monday is fine", by=make.viewer(at=make.AT + timedelta(hours=1))
    )

    one = queries.message(viewer=make.viewer(), message_id=row.pk)

    assert [(step.what, step.why) for step in one.steps] == [
        ("answered", "She rang: Monday is fine"),
        ("sent", ""),
        ("written", ""),
    ]
    assert (one.message.state, one.message.answer, one.by) == (
        "answered",
        "She rang: Monday is fine",
        "Joanne Fielding",
    )


# ---- taken back, answered


def test_what_waits_is_taken_back_and_does_not_go():
    row, way = message(peggy()), Posted()

    outbox.withdraw(message=row.pk, by=make.viewer())
    turn(way)

    row.refresh_from_db()
    assert (row.state, way.went) == ("withdrawn", [])


def test_what_went_is_not_taken_back_and_is_answered_once():
    row = message(peggy())
    turn()
    nurse = make.viewer()

    with pytest.raises(MessageMoveNotAllowed):
        outbox.withdraw(message=row.pk, by=nurse)
    with pytest.raises(Refused, match="Write down what they answered"):
        outbox.note_answer(message=row.pk, words=" ", by=nurse)
    outbox.note_answer(message=row.pk, words="Yes", by=nurse)
    with pytest.raises(MessageMoveNotAllowed):
        outbox.note_answer(message=row.pk, words="No", by=nurse)

    assert Message.objects.get().answer == "Yes"


# ---- to whoever signs in


def test_she_reads_what_was_sent_to_her_and_nothing_that_waits_or_is_to_somebody_else():
    person = peggy()
    other = peggy(family="Okafor", given="Stan")
    ann = acts_for(person)
    message(person, subject="To her")
    message(other, subject="To him", to_id=other.pk)
    message(person, subject="To Ann", to_kind=ToKind.PROXY, to_id=ann.pk)
    turn()
    message(person, subject="Waits")

    told = queries.to_person(viewer=herself(person))

    assert [(one.subject, one.from_name, one.phone) for one in told] == [("To her", "Riverside team", "0161 496 0101")]
    assert queries.unanswered_to_person(viewer=herself(person)) == 1
    assert queries.to_person(viewer=make.viewer()) == []


def test_who_acts_reads_what_was_written_to_them_and_not_what_is_kept_from_them_since():
    person = peggy()
    ann = acts_for(person)
    message(person, subject="To Ann", to_kind=ToKind.PROXY, to_id=ann.pk)
    message(person, subject="To her")
    turn()
    acting = replace(herself(ann), kind=ViewerKind.PROXY, acts_for=person.pk)

    before = queries.to_person(viewer=acting)
    Proxy.objects.update(kept_back=["WORK"])
    kept = queries.to_person(viewer=acting)
    Proxy.objects.update(kept_back=[], ends_on=make.TODAY)
    ended = queries.to_person(viewer=acting)

    assert ([one.subject for one in before], kept, ended) == (["To Ann"], [], [])
    assert before[0].about_name == "Peggy Hargreaves"


def test_she_answers_once_and_the_team_is_told_by_whom():
    person = peggy()
    make.member(make.practitioner(), make.team())
    row = message(person)
    turn()

    by = herself(person, at=make.AT + timedelta(minutes=20))
    outbox.answer_from_person(message=row.pk, words="Monday is fine", by=by)

    alert = Alert.objects.get()
    told = queries.to_person(viewer=herself(person))[0]
    assert (alert.words, alert.owner_id) == ("Peggy Hargreaves answered: Our visit", make.viewer().id)
    assert (told.answer, told.may_answer) == ("Monday is fine", False)
    step = queries.message(viewer=make.viewer(), message_id=row.pk).steps[0]
    assert (step.what, step.by) == ("answered", "Peggy Hargreaves")
    with pytest.raises(MessageMoveNotAllowed):
        outbox.answer_from_person(message=row.pk, words="Tuesday", by=herself(person))


def test_nobody_answers_what_was_written_to_somebody_else():
    person, other = peggy(), peggy(family="Okafor", given="Stan")
    row = message(person)
    turn()

    with pytest.raises(NotFound):
        outbox.answer_from_person(message=row.pk, words="Yes", by=herself(other))
    with pytest.raises(NotFound):
        queries.message_to_person(viewer=herself(other), message_id=row.pk)

    assert queries.message_to_person(viewer=herself(person), message_id=row.pk).subject == "Our visit"
