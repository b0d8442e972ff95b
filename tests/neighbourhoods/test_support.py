"""Supporting somebody: begun once, said once, offered, met, told back; and shown to whoever may see it."""

from datetime import timedelta
from uuid import UUID

import pytest

from locality.access.actions import make_proxy
from locality.access.models import Relationship
from locality.access.queries import openable
from locality.access.rules import RelationKind
from locality.base import NotFound, Refused, Viewer, ViewerKind
from locality.journal.models import Event
from locality.neighbourhoods.actions import offers, support, supporting
from locality.neighbourhoods.actions.referrals import NewReferral
from locality.neighbourhoods.models import Absence, Alert, Message, Referral, Support, SupportContact, SupportHistory
from locality.neighbourhoods.queries import support as queries
from locality.neighbourhoods.queries.referral_clocks import clocks
from locality.neighbourhoods.queries.support_figures import quarter
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.referrals import Urgency
from locality.neighbourhoods.rules.support import (
    NeedState,
    OfferMove,
    OfferMoveNotAllowed,
    OfferState,
    Outcome,
    Reached,
    SupportOver,
    Way,
)
from locality.neighbourhoods.rules.wellbeing import Change, Moved, Question, band, changes, together
from tests import factories as make
from tests.neighbourhoods.support_world import begun, offered, referral, registered, service, somebody, worker
from tests.neighbourhoods.test_referral_links import link
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db
ABSENT = UUID("00000000-0000-4000-8000-000000000000")
SPOKE = support.NewContact(at=make.ago(hours=1), way=Way.PHONE, words="She would like company")


def later(**span: float):
    return worker(at=make.AT + timedelta(**span))


def test_a_team_supports_somebody_once_at_a_time():
    peggy = known()
    begun(peggy)

    with pytest.raises(Refused, match="supports them already"):
        begun(peggy)

    assert [(row.person_id, row.owner_id) for row in Support.objects.all()] == [(peggy.pk, worker().id)]


def test_somebody_merged_with_them_is_not_supported_a_second_time():
    peggy = known()
    alias = make.person("Hargreave", "Peg", merged_into=peggy)
    row = begun(peggy)
    Support.objects.filter(pk=row.pk).update(person=alias)

    with pytest.raises(Refused, match="supports them already"):
        begun(peggy)

    assert [one.person.pk for one in queries.supported(viewer=worker())] == [peggy.pk]


def test_a_team_that_supports_somebody_knows_them_until_the_day_after_it_ends():
    peggy = make.person()
    make.relationship(peggy, kind=RelationKind.REFERRAL, starts_on=make.TODAY, ends_on=make.TODAY + timedelta(days=1))
    row = begun(peggy)
    tomorrow = make.TODAY + timedelta(days=1)
    knows = openable(viewer=worker(), person_ids=[peggy.pk], on=tomorrow)

    support.finish(support=row.pk, outcome=Outcome.MET, words="She goes on her own now", by=worker())

    assert (knows, openable(viewer=worker(), person_ids=[peggy.pk], on=tomorrow)) == ({peggy.pk}, set())


def test_it_begins_from_a_referral_that_was_accepted_and_from_no_other():
    peggy = known()
    sent, accepted = referral(peggy, state="sent", answered_at=None), referral(peggy)
    of_another = referral(somebody("Other"))

    for wrong, words in ((sent.pk, "Accept the referral first"), (of_another.pk, "no such referral")):
        with pytest.raises((Refused, NotFound), match=words):
            begun(peggy, referral=wrong)
    waited = [one.referral for one in queries.waiting(viewer=worker())]
    begun(peggy, referral=accepted.pk)

    assert sorted(waited) == sorted([accepted.pk, of_another.pk])
    assert [one.referral for one in queries.waiting(viewer=worker())] == [of_another.pk]


def test_another_team_neither_lists_nor_opens_nor_changes_it():
    row, ruth = begun(), make.stranger()
    need = support.note_need(support=row.pk, need="money-and-debt", by=worker())
    offer = offered(row)

    lists = (queries.supported(viewer=ruth, mine=False), queries.ended(viewer=ruth), queries.waiting(viewer=ruth))
    assert lists == ([], [], [])
    assert queries.due_count(viewer=ruth) == 0
    for refused in (
        lambda: queries.support(viewer=ruth, support_id=row.pk),
        lambda: support.note_need(support=row.pk, need="food", by=ruth),
        lambda: support.settle_need(need=need.pk, state=NeedState.MET, by=ruth),
        lambda: support.note_contact(support=row.pk, new=SPOKE, by=ruth),
        lambda: offers.move(offer=offer.pk, move=OfferMove.AGREE, by=ruth),
        lambda: support.finish(support=row.pk, outcome=Outcome.MET, words="-", by=ruth),
        lambda: support.hand_over(support=row.pk, owner=ruth.id, by=ruth),
        lambda: offers.move(offer=ABSENT, move=OfferMove.AGREE, by=worker()),
    ):
        with pytest.raises(NotFound):
            refused()


def test_each_need_stands_once_and_may_be_met():
    row = begun()
    need = support.note_need(support=row.pk, need="money-and-debt", words="Owes two months' rent", by=worker())

    with pytest.raises(Refused, match="stands there already"):
        support.note_need(support=row.pk, need="money-and-debt", by=worker())
    with pytest.raises(Refused, match="Choose what"):
        support.note_need(support=row.pk, need="a pony", by=worker())
    support.settle_need(need=need.pk, state=NeedState.PARTLY, by=worker())

    found = queries.support(viewer=worker(), support_id=row.pk).needs
    assert [(one.need, one.words, one.state) for one in found] == [
        ("money-and-debt", "Owes two months' rent", NeedState.PARTLY)
    ]


def test_an_offer_is_agreed_gone_to_finished_and_offered_again():
    offer, states = offered(begun()), []
    for move in (OfferMove.AGREE, OfferMove.GO, OfferMove.FINISH, OfferMove.REOPEN, OfferMove.DECLINE):
        states.append(offers.move(offer=offer.pk, move=move, by=worker()).state)

    with pytest.raises(OfferMoveNotAllowed, match="This offer is: they said no"):
        offers.move(offer=offer.pk, move=OfferMove.FINISH, by=worker())

    assert states == [
        OfferState.AGREED,
        OfferState.GOING,
        OfferState.FINISHED,
        OfferState.OFFERED,
        OfferState.DECLINED,
    ]


def test_a_service_that_takes_referrals_is_sent_one_and_only_once():
    peggy = known()
    row = begun(peggy)
    offer, without = offered(row, service=service().pk, what=""), offered(row, what="A walk by herself")
    asked = NewReferral(asked="A lunch", sender=worker().organisation, to_service=offer.service_id)
    told = {"new": asked, "grant": make.opened(peggy, worker())}
    before = Referral.objects.count()

    offers.refer_for(offer=offer.pk, by=worker(), **told)
    for again, words in ((offer.pk, "referred for this already"), (without.pk, "takes no referrals")):
        with pytest.raises(Refused, match=words):
            offers.refer_for(offer=again, by=worker(), **told)

    sent = Referral.objects.get()
    offer.refresh_from_db()
    assert before == 0
    assert (sent.asked, sent.to_service.name, sent.about_id, sent.team_id, offer.state) == (
        "A lunch",
        "Lunch club",
        row.pk,
        row.team_id,
        OfferState.AGREED,
    )
    assert sent.answer_by == clocks().due(make.AT, urgency=Urgency.ROUTINE)


def test_an_offer_that_was_sent_by_a_link_tells_the_charity_and_lets_nobody_open_the_record():
    peggy = known()
    offer = offered(begun(peggy), service=service().pk, what="")
    asked = NewReferral(
        asked="A lunch", sender=worker().organisation, to_service=offer.service_id, agreed=Agreed.BEST_INTERESTS
    )

    sent = offers.refer_for(
        offer=offer.pk, new=asked, link=link(), grant=make.opened(peggy, worker()), by=worker()
    )  # fmt: skip

    offer.refresh_from_db()
    assert (offer.referral_id, offer.state, sent.relationship) == (sent.pk, OfferState.OFFERED, None)
    assert Message.objects.get().to_address == "hello@tea-circle.example"


def test_a_contact_says_when_one_is_in_touch_next_and_is_taken_back_by_whoever_wrote_it():
    row = begun()
    next_on = make.TODAY + timedelta(days=7)
    told = support.note_contact(
        support=row.pk, new=support.NewContact(at=make.ago(hours=1), way=Way.HOME, next_on=next_on), by=worker()
    )
    row.refresh_from_db()
    was = (row.contact_at, row.next_on)

    with pytest.raises(Refused, match="Only whoever wrote it"):
        support.strike_contact(contact=told.pk, by=make.viewer())
    support.strike_contact(contact=told.pk, by=worker())

    row.refresh_from_db()
    assert (was, row.contact_at) == ((make.ago(hours=1), next_on), None)
    assert (queries.support(viewer=worker(), support_id=row.pk).contacts, SupportContact.objects.count()) == ([], 1)


def test_what_is_to_come_is_not_written_down_as_met():
    with pytest.raises(Refused, match="in the future"):
        support.note_contact(
            support=begun().pk, new=support.NewContact(at=make.AT + timedelta(hours=1), way=Way.PHONE), by=worker()
        )


def test_whom_one_rings_in_vain_three_times_is_marked_until_one_speaks():
    row = begun()
    for hours in (3, 2, 1):
        new = support.NewContact(at=make.ago(hours=hours), way=Way.PHONE, reached=Reached.NO_ANSWER)
        support.note_contact(support=row.pk, new=new, by=worker())
    rang = queries.supported(viewer=worker())[0]

    support.note_contact(support=row.pk, new=support.NewContact(at=make.AT, way=Way.PHONE), by=worker())

    now = queries.supported(viewer=worker())[0]
    assert ((rang.tried, rang.is_hard_to_reach), (now.tried, now.is_hard_to_reach)) == ((3, True), (0, False))


def test_whoever_has_nothing_arranged_and_was_not_seen_for_four_weeks_is_quiet():
    begun(by=worker(at=make.ago(days=29)))

    found = queries.supported(viewer=worker())[0]

    assert (found.is_quiet, found.is_due, queries.due_count(viewer=worker())) == (True, False, 1)


def test_it_is_handed_to_somebody_of_the_team_and_stands_on_their_list_from_then_on():
    row, joanne = begun(), make.viewer()
    make.member(make.practitioner(), make.team())

    support.hand_over(support=row.pk, owner=joanne.id, why="Lorraine goes on leave", by=worker())

    assert [one.owner for one in queries.supported(viewer=joanne)] == ["Joanne Fielding"]
    assert queries.supported(viewer=worker()) == []
    assert SupportHistory.objects.values_list("what", "why").order_by("at", "pk").last() == (
        "handed over",
        "To Joanne Fielding: Lorraine goes on leave",
    )


def test_it_is_handed_to_nobody_who_could_not_do_it_and_not_over_what_a_colleague_changed():
    row, joanne = begun(), make.viewer()
    stranger = make.practitioner("Tom", "Bell")

    for owner, words in ((worker().id, "Lorraine Pike supports them already."), (stranger.pk, "works in the team")):
        with pytest.raises(Refused, match=words):
            support.hand_over(support=row.pk, owner=owner, by=worker())
    support.note_need(support=row.pk, need="loneliness", by=worker())
    make.member(make.practitioner(), make.team())
    with pytest.raises(Refused, match="changed this while you had it open"):
        support.hand_over(support=row.pk, owner=joanne.id, version=row.version, by=worker())

    assert Support.objects.get().owner_id == worker().id


def test_whoever_covers_has_those_whom_somebody_away_supports_on_their_list_and_among_what_is_due():
    begun(next_on=make.TODAY)
    joanne, told = make.viewer(), {"starts_on": make.TODAY, "ends_on": make.TODAY + timedelta(days=3)}
    before = (queries.supported(viewer=joanne), queries.due_count(viewer=joanne))

    Absence.objects.create(practitioner_id=worker().id, cover_id=joanne.id, made_by=joanne.id, made_at=make.AT, **told)

    assert before == ([], 0)
    assert [one.owner for one in queries.supported(viewer=joanne)] == ["Lorraine Pike"]
    assert queries.due_count(viewer=joanne) == 1


def test_what_ended_is_changed_no_more_until_it_is_begun_again():
    row = begun()
    with pytest.raises(Refused, match="what came of it"):
        support.finish(support=row.pk, outcome=Outcome.MET, words=" ", by=worker())
    support.finish(support=row.pk, outcome=Outcome.PARTLY, words="She goes on Thursdays", by=worker())
    with pytest.raises(SupportOver):
        support.note_need(support=row.pk, need="food", by=worker())

    support.reopen(support=row.pk, by=worker())

    row.refresh_from_db()
    assert (row.ended_at, row.outcome, [one.what for one in SupportHistory.objects.order_by("at", "pk")]) == (
        None,
        "",
        ["begun", "ended", "begun again"],
    )
    assert Relationship.objects.filter(kind=RelationKind.EPISODE, ended_at=None).count() == 1


def test_the_four_questions_are_answered_from_nought_to_ten_once_a_day():
    row = begun()
    support.note_answers(support=row.pk, answers={Question.HAPPY: 3, Question.ANXIOUS: 8}, on=make.TODAY, by=worker())

    for answers, words in (({}, "at least one"), ({Question.HAPPY: 11}, "from 0 to 10")):
        with pytest.raises(Refused, match=words):
            support.note_answers(support=row.pk, answers=answers, on=make.TODAY - timedelta(days=1), by=worker())
    with pytest.raises(Refused, match="today already"):
        support.note_answers(support=row.pk, answers={Question.HAPPY: 4}, on=make.TODAY, by=worker())


def test_anxiety_is_better_when_it_is_lower_and_the_rest_when_higher():
    found = changes(
        [
            {Question.HAPPY: 3, Question.ANXIOUS: 8, Question.SATISFIED: 5},
            {Question.ANXIOUS: 2},
            {Question.HAPPY: 7, Question.ANXIOUS: 4, Question.WORTHWHILE: 5},
        ]
    )

    assert [(one.question, one.by, one.moved) for one in found] == [
        (Question.HAPPY, 4, Moved.BETTER),
        (Question.ANXIOUS, -4, Moved.BETTER),
    ]
    assert [band(Question.HAPPY, one) for one in (0, 4, 5, 6, 7, 8, 9, 10)] == [
        *("low", "low", "medium", "medium", "high", "high", "very high", "very high")
    ]
    assert [band(Question.ANXIOUS, one) for one in (1, 2, 3, 4, 5, 6)] == [
        *("very low", "low", "low", "medium", "medium", "high")
    ]


def test_people_together_are_told_by_the_middle_one_and_by_how_many_moved_which_way():
    moved = [
        [Change(question=Question.ANXIOUS, before=before, after=after)] for before, after in ((8, 4), (6, 6), (2, 5))
    ]

    (found,) = together(moved)

    assert (found.people, found.before, found.after) == (3, 6, 5)
    assert (found.better, found.same, found.worse) == (1, 1, 1)


def test_the_practice_and_a_referrer_here_are_told_and_what_is_private_is_not():
    peggy = known()
    registered(peggy)
    row = begun(peggy, referral=referral(peggy, team=make.team("hilltop"), sender=make.organisation("RSB")).pk)
    for need in ("loneliness", "domestic-abuse"):
        support.note_need(support=row.pk, need=need, by=worker())
    offered(row)
    support.note_answers(
        support=row.pk, answers={Question.HAPPY: 3}, on=make.TODAY - timedelta(days=60), by=worker()
    )  # fmt: skip
    support.note_answers(support=row.pk, answers={Question.HAPPY: 6}, on=make.TODAY, by=worker())

    told = offers.tell_back(
        support=row.pk, words="She goes every week", grant=make.opened(peggy, worker()), by=worker()
    )

    sent = Message.objects.get()
    assert told == ["Mill Lane Practice", "Hilltop team"]
    assert (sent.channel, sent.to_organisation, sent.subject) == (
        "practice",
        make.organisation("MILL"),
        "Social prescribing: how it stands",
    )
    assert (
        "- Loneliness and company: being worked on\n\nSupport offered\n- Lunch club on Thursdays: offered" in sent.body
    )
    assert "- Happy yesterday: 3 before, 6 now\n- She goes every week" in sent.body
    assert [one for one in ("domestic-abuse", "Domestic") if one in sent.body + str(sent.payload)] == []
    assert [entry["resource"]["resourceType"] for entry in sent.payload["entry"]] == [
        *("Composition", "Patient", "Practitioner", "Organization")
    ]
    assert [section["title"] for section in sent.payload["entry"][0]["resource"]["section"]] == [
        *("Referral", "Needs and concerns", "Support offered", "Outcomes")
    ]
    assert [(one.team.code, one.words) for one in Alert.objects.all()] == [
        ("hilltop", "Support for Somebody to talk to: She goes every week")
    ]


def test_with_nobody_to_tell_that_is_said():
    peggy = known()
    row = begun(peggy)

    with pytest.raises(Refused, match="nobody to tell"):
        offers.tell_back(support=row.pk, words="-", grant=make.opened(peggy, worker()), by=worker())


def _acts(peggy) -> Viewer:
    ann, by = make.person("Lomas", "Ann"), make.viewer(second_factor=True)
    make_proxy(person_id=peggy.pk, proxy_id=ann.pk, by=by, kind="chosen", words="She asked", kept_back=[])
    at = make.AT + timedelta(minutes=1)
    return Viewer(kind=ViewerKind.PROXY, id=ann.pk, role="", at=at, name="Ann Lomas", acts_for=peggy.pk)


def test_the_person_page_names_who_supports_them_and_whoever_acts_for_them_reads_less():
    peggy = known()
    row = begun(peggy)
    for need in ("loneliness", "domestic-abuse"):
        support.note_need(support=row.pk, need=need, by=worker())
    grant = make.opened(peggy)
    as_proxy = make.opened(peggy, _acts(peggy))

    told, to_proxy = queries.of_person(grant=grant), queries.of_person(grant=as_proxy)

    assert [(one.team, one.owner, one.needs, one.may_open) for one in told] == [
        ("Riverside team", "Lorraine Pike", ("Loneliness and company", "Domestic abuse"), True)
    ]
    assert [one.needs for one in to_proxy] == [("Loneliness and company",)]
    assert queries.of_person(grant=make.opened(somebody("Other"))) == []


def test_a_list_costs_the_same_with_one_and_with_three(django_assert_num_queries):
    begun()
    lorraine = worker()
    with django_assert_num_queries(3):
        queries.supported(viewer=lorraine)
    for family in ("Ash", "Birch"):
        support.note_need(support=begun(somebody(family)).pk, need="food", by=worker())

    with django_assert_num_queries(3):
        found = queries.supported(viewer=lorraine)

    assert len(found) == 3


def test_everybody_a_list_names_is_written_down_and_who_is_opened():
    row = begun()

    supporting.list_supported(by=worker())
    supporting.open_support(support=row.pk, by=worker())

    said = Event.objects.filter(what__startswith="support.").order_by("at", "pk").values_list("what", "person_id")
    assert list(said) == [(what, row.person_id) for what in ("support.begun", "support.listed", "support.opened")]


def test_a_quarter_is_counted_in_fives_and_hides_the_few():
    for number in range(8):
        row = begun(somebody(f"Person{number}"), by=worker(at=make.ago(days=20)))
        support.note_need(support=row.pk, need="money-and-debt", by=worker(at=make.ago(days=20)))
        for days, happy in ((20, 3), (1, 6)):
            on = make.TODAY - timedelta(days=days)
            support.note_answers(support=row.pk, answers={Question.HAPPY: happy}, on=on, by=worker())
        if number == 0:
            support.note_need(support=row.pk, need="food", by=worker())
        support.finish(support=row.pk, outcome=Outcome.MET if number else Outcome.DIED, words="-", by=worker())

    found = quarter(viewer=worker(), first_on=make.TODAY.replace(month=10, day=1))

    assert (found.supported, found.begun, found.ended, found.asked_twice) == (10, 10, 10, 10)
    assert [(one.need, one.people, one.met) for one in found.needs] == [("Money and debt", 10, 0), ("Food", None, 0)]
    assert found.outcomes == [("What mattered to them came about", None), ("They died", None)]
    assert [(one.question, one.before, one.after) for one in found.wellbeing] == [(Question.HAPPY, 3, 6)]
    assert quarter(viewer=make.stranger(), first_on=make.TODAY.replace(month=10, day=1)).supported == 0


def test_what_a_service_is_there_for_is_as_private_as_the_need_it_was_offered_for():
    peggy = known()
    registered(peggy)
    row = begun(peggy)
    offered(row, what="", service=service("Safe Homes for domestic abuse", needs=["domestic-abuse"]).pk)
    offered(row, what="", service=service("Lunch at noon", needs=["loneliness"]).pk)

    offers.tell_back(support=row.pk, words="Going on", grant=make.opened(peggy, worker()), by=worker())
    to_proxy = queries.of_person(grant=make.opened(peggy, _acts(peggy)))
    to_staff = queries.of_person(grant=make.opened(peggy))

    sent = Message.objects.get()
    assert ("Safe Homes" in f"{sent.body}{sent.payload}", "Lunch at noon" in sent.body) == (False, True)
    (hers,), (ours,) = to_proxy, to_staff
    assert [what for what, _ in hers.offers] == ["Lunch at noon"]
    assert [what for what, _ in ours.offers] == ["Safe Homes for domestic abuse", "Lunch at noon"]
