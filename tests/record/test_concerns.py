"""A safeguarding concern reaches those who must read it, and nobody who must not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from locality.access.models import Conflict, Proxy
from locality.access.rules import ProxyKind, RoleCode
from locality.base import NotFound, Refused, Viewer, ViewerKind
from locality.base.ids import new_id
from locality.directory.models import Safeguarding
from locality.directory.queries import practitioners_named
from locality.journal.models import Event, News
from locality.people.models import Person
from locality.record import queries as record
from locality.record import rules
from locality.record.actions.concerns import (
    NO_ROUTE,
    Told,
    acknowledge_concern,
    close_concern,
    list_concerns,
    open_concern,
    put_back_concern,
    raise_concern,
    reopen_concern,
    withdraw_concern,
)
from locality.record.models import Alleged, Concern
from locality.record.queries.concerns import Full, Receipt, waiting_count
from locality.record.rules import Cause, Knows, Outcome
from tests import factories as make
from tests.web.concern_world import SECRET, WHO, council_team, deputy_team, lead, routes

pytestmark = pytest.mark.django_db

TOLD = Told(
    words=f"{SECRET} on her arm",
    seen_text="This morning",
    danger=False,
    cause=Cause.FAMILY,
    cause_words=WHO,
    knows=Knows.YES,
)


@pytest.fixture(autouse=True)
def place(db):
    routes()


@pytest.fixture
def peggy() -> Person:
    return make.peggy("gp")[0]


def as_lead(who=None, **other) -> Viewer:
    row = who or lead()
    told = {"organisation": row.employer_id, "teams": frozenset({council_team().pk})}
    return make.viewer("safeguarding_lead", given=row.given, id=row.pk, name=row.name, **(told | other))


def raised(peggy, *, by=None, form=None, **other):
    by = by or make.viewer()
    return raise_concern(form=form or new_id(), told=replace(TOLD, **other), grant=make.opened(peggy, by), by=by)


def ids(rows) -> list:
    return [row.id for row in rows]


# ---- raising


def test_a_concern_goes_to_the_councils_leads(peggy):
    gwen = as_lead()

    sent = raised(peggy)

    found = open_concern(concern=sent.concern, by=gwen)
    assert sent.received
    assert isinstance(found, Full)
    assert (found.words, found.seen_text, found.knows, found.cause, found.cause_words) == (
        TOLD.words,
        "This morning",
        "yes",
        "family",
        WHO,
    )
    assert (found.raised.by_name, found.raised.by_organisation) == ("Joanne Fielding", "Smallborough Hospitals")
    assert (found.raised.about.nhs_number, found.team) == (peggy.nhs_number, "Council safeguarding")


def test_who_is_said_to_be_the_cause_lies_apart_from_the_concern(peggy):
    sent = raised(peggy)

    row = Concern.objects.get()
    columns = [str(getattr(row, field.attname)) for field in Concern._meta.concrete_fields]
    assert [words for words in columns if "Zebedee" in words] == []
    assert (row.data_class, row.label, Alleged.objects.get().concern_id) == ("SAFE", "V", sent.concern)


def test_sent_twice_from_one_filling_of_the_form_it_is_one(peggy):
    form = new_id()

    first, again = raised(peggy, form=form), raised(peggy, form=form)

    assert first.concern == again.concern
    assert (Concern.objects.count(), Event.objects.filter(what="concern.raised").count()) == (1, 1)


@pytest.mark.parametrize(
    "other", [{"words": "Now he hit her"}, {"danger": True}, {"cause_words": "Stan Oldroyd"}, {"knows": Knows.NO}]
)
def test_sent_again_with_something_put_right_it_is_a_further_concern_and_nothing_is_lost(peggy, other):
    form, gwen = new_id(), as_lead()

    first, corrected = raised(peggy, form=form), raised(peggy, form=form, **other)

    assert first.concern != corrected.concern
    assert Event.objects.filter(what="concern.raised").count() == 2
    assert {first.concern, corrected.concern} == set(ids(list_concerns(by=gwen).waiting))


def test_the_same_form_names_nobody_elses_concern(peggy):
    form = new_id()
    tom = make.viewer(given="Tom")

    first, other = raised(peggy, form=form), raised(peggy, form=form, by=tom)

    assert first.concern != other.concern
    assert sorted(Concern.objects.values_list("raised_by", flat=True)) == sorted([make.viewer().id, tom.id])


def test_nothing_is_sent_without_words_or_where_nobody_is_said_to_receive_it(peggy):
    with pytest.raises(Refused, match="what you saw"):
        raised(peggy, words=" \n ")
    Safeguarding.objects.all().delete()
    with pytest.raises(Refused) as told:
        raised(peggy)

    assert (str(told.value), Concern.objects.count()) == (NO_ROUTE, 0)


def test_a_grant_of_somebody_elses_raises_nothing(peggy):
    with pytest.raises(Refused):
        raise_concern(form=new_id(), told=TOLD, grant=make.opened(peggy), by=make.viewer(given="Tom"))

    assert Concern.objects.count() == 0


@pytest.mark.parametrize(
    ("birth_on", "team"),
    [(date(2008, 11, 6), "Children's"), (date(2008, 11, 5), "Council safeguarding"), (None, "Council safeguarding")],
    ids=["17, 18 tomorrow", "18 today", "not known"],
)
def test_a_childs_concern_goes_to_the_childrens_leads(birth_on, team):
    row, _ = make.peggy("gp", birth_on=birth_on)
    children = make.team("children-safe", name="Children's", lead_organisation=make.organisation("council"))
    Safeguarding.objects.filter(code="children").update(team=children)
    lead(), lead("Ivy", "Marsh", team=children)

    raised(row)

    assert Concern.objects.get().team.name == team


# ---- the audit


def test_no_line_of_the_audit_and_no_news_holds_a_word_of_it(peggy):
    gwen = as_lead()
    sent = raised(peggy)
    acknowledge_concern(concern=sent.concern, by=gwen)
    close_concern(concern=sent.concern, outcome=Outcome.SUPPORT, words="Quokka was rung", by=gwen)
    open_concern(concern=sent.concern, by=gwen)

    lines = [
        (row.what, row.person_id, row.reason, row.detail)
        for row in Event.objects.filter(about_id=sent.concern).order_by("pk")
    ]
    assert lines == [
        (what, peggy.pk, "", {})
        for what in ("concern.raised", "concern.acknowledged", "concern.closed", "concern.opened")
    ]
    assert News.objects.count() == 0


def test_whoever_a_list_names_is_written_down_as_shown(peggy):
    gwen = as_lead()
    raised(peggy)

    list_concerns(by=gwen)
    list_concerns(by=make.viewer())
    list_concerns(by=make.viewer(given="Tom"))

    shown = Event.objects.filter(what="concern.listed").values_list("by_id", "person_id")
    assert sorted(shown) == sorted([(gwen.id, peggy.pk), (make.viewer().id, peggy.pk)])


# ---- wrong eyes


def finds(viewer: Viewer, concern) -> bool:
    try:
        open_concern(concern=concern, by=viewer)
    except NotFound:
        return False
    return True


def test_of_every_role_only_the_leads_of_its_team_find_it(peggy):
    who = lead()
    sent = raised(peggy, by=make.viewer(given="Tom"))

    found = {
        role
        for role in RoleCode
        if finds(as_lead(who, role=role), sent.concern) or list_concerns(by=as_lead(who, role=role)).waiting
    }

    assert found == {RoleCode.SAFEGUARDING_LEAD}


@pytest.mark.parametrize(
    "other",
    [
        {"teams": frozenset()},
        {"kind": ViewerKind.PERSON},
        {"kind": ViewerKind.PROXY},
        {"kind": ViewerKind.SYSTEM},
    ],
    ids=["of no team", "the person", "a proxy", "the system"],
)
def test_nobody_who_only_calls_themselves_a_lead_finds_it(peggy, other):
    sent = raised(peggy)
    viewer = replace(as_lead(), **other)

    assert (finds(viewer, sent.concern), list_concerns(by=viewer).waiting, waiting_count(viewer=viewer)) == (
        False,
        [],
        0,
    )


@pytest.mark.parametrize("kind", [ViewerKind.PERSON, ViewerKind.PROXY])
def test_neither_the_person_nor_whoever_acts_for_them_finds_it(peggy, kind):
    daughter = make.person("Lomas", "Ann")
    told = {"kind": ProxyKind.CHOSEN, "starts_on": make.TODAY, "reason": "Chosen", "made_at": make.AT}
    Proxy.objects.create(person=peggy, proxy=daughter, made_by=make.SYSTEM_ID, **told)
    sent = raised(peggy)
    who = peggy if kind == ViewerKind.PERSON else daughter

    assert not finds(Viewer(kind=kind, id=who.pk, role="", at=make.AT), sent.concern)


def test_a_lead_who_is_named_as_the_cause_never_learns_of_it_and_another_receives_it(peggy):
    gwen, ivy = as_lead(), as_lead(lead("Ivy", "Marsh"))

    sent = raised(peggy, cause=Cause.PRACTITIONER, cause_words="Sister Gwen LACEY, from the council")

    assert (finds(gwen, sent.concern), ids(list_concerns(by=gwen).waiting), waiting_count(viewer=gwen)) == (
        False,
        [],
        0,
    )
    assert (finds(ivy, sent.concern), ids(list_concerns(by=ivy).waiting)) == (True, [sent.concern])
    with pytest.raises(NotFound):
        acknowledge_concern(concern=sent.concern, by=gwen)


def test_where_the_only_lead_is_named_it_goes_to_the_deputy(peggy):
    gwen = as_lead()
    nurse = lead("Bea", "Holt", team=deputy_team(), by="RSB")

    sent = raised(peggy, cause_words="Mrs Lacey")

    assert Concern.objects.get().team == deputy_team()
    assert sent.received
    assert (finds(gwen, sent.concern), finds(as_lead(nurse, teams=frozenset({deputy_team().pk})), sent.concern)) == (
        False,
        True,
    )


def test_a_lead_who_must_not_look_at_the_person_never_learns_of_it(peggy):
    gwen = lead()
    nurse = lead("Bea", "Holt", team=deputy_team(), by="RSB")
    declared(gwen, peggy)

    sent = raised(peggy)

    assert Concern.objects.get().team == deputy_team()
    deputy = as_lead(nurse, teams=frozenset({deputy_team().pk}))
    assert (finds(as_lead(gwen), sent.concern), finds(deputy, sent.concern)) == (False, True)


def test_a_conflict_declared_since_hides_it_at_once_and_its_end_shows_it_again(peggy):
    gwen = lead()
    sent = raised(peggy)
    assert finds(as_lead(gwen), sent.concern)

    row = declared(gwen, peggy)

    assert (finds(as_lead(gwen), sent.concern), waiting_count(viewer=as_lead(gwen))) == (False, 0)
    row.ends_on, row.ended_at, row.ended_by = make.TODAY, make.AT, make.SYSTEM_ID
    row.save()
    assert finds(as_lead(gwen), sent.concern)


def test_a_lead_who_lives_with_the_person_never_learns_of_it(peggy):
    gwen = lead()
    declared(gwen, make.person("Lacey", "Gwendolen", address="7 Weavers Fold; Smallborough"), kind="own_record")

    sent = raised(peggy)

    assert not finds(as_lead(gwen), sent.concern)


def declared(who, person: Person, *, kind="declared") -> Conflict:
    told = {"kind": kind, "starts_on": date(2026, 1, 1), "made_at": make.AT, "made_by": make.SYSTEM_ID}
    return Conflict.objects.create(practitioner=who, person=person, **told)


def test_where_nobody_can_receive_it_whoever_raises_it_is_told(peggy):
    gwen = lead()
    make.Role.objects.filter(practitioner=gwen).update(ends_on=make.TODAY)

    sent = raised(peggy)

    assert (sent.received, Concern.objects.count()) == (False, 1)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Gwen Lacey", {"Gwen"}),
        ("lacey, GWEN (the lead)", {"Gwen"}),
        ("Mrs Lacey", {"Gwen", "Una"}),
        ("Una Lacey", {"Una"}),
        ("Gwen from the office", set()),
        ("O\u2019Neill", {"Sean"}),
        ("O Neill or ONeill", {"Sean"}),
        ("Gwen Lacey's doing", {"Gwen"}),
        ("Gwen Laceys doing", {"Gwen"}),
        ("'Lacey'", {"Gwen", "Una"}),
        ("Lacey- council", {"Gwen", "Una"}),
        ("Ann Smith Jones", {"Ann"}),
        ("Smith-Jones", {"Ann"}),
        ("Ann (Smithjones)", {"Ann"}),
        ("Mac Donald's lot", {"Ian"}),
        ("Gwen Lacey and Mrs Brierley", {"Gwen", "Tom"}),
        ("one of those who came " * 10 + "Gwen Lacey", {"Gwen"}),
        ("her son", set()),
        ("", set()),
    ],
)
def test_who_works_here_is_found_in_what_was_typed(words, named):
    known = (("Gwen", "Lacey"), ("Una", "Lacey"), ("Sean", "O'Neill"), ("Tom", "Brierley"))
    for given, family in (*known, ("Ann", "Smith-Jones"), ("Ian", "MacDonald")):
        make.practitioner(given, family, code=f"{given.lower()}-1{family[0].lower()}")

    found = practitioners_named(words)

    assert {row.given for row in make.Practitioner.objects.filter(pk__in=found)} == named


def test_it_is_nowhere_on_the_record(peggy):
    before = seen(peggy)

    raised(peggy)

    assert seen(peggy) == before
    assert seen(peggy, by=as_lead(teams=frozenset({make.team().pk})))[0] != ""


def seen(peggy, *, by=None) -> tuple:
    grant = make.opened(peggy, by or make.viewer(), looked_before_at=None)
    known = record.summary(grant=grant, at=make.AT)
    told = (known, record.timeline(grant=grant, at=make.AT), record.face(grant=grant, at=make.AT))
    assert SECRET not in str(told)
    return str(known), told[1:]


# ---- from raised to closed


def test_the_queue_begins_with_immediate_danger_then_the_oldest(peggy):
    gwen = as_lead()
    calm = raised(peggy, by=make.viewer(at=make.ago(hours=3)))
    older = raised(peggy, by=make.viewer(at=make.ago(hours=9)))
    danger = raised(peggy, danger=True)
    taken = raised(peggy, danger=True, by=make.viewer(at=make.ago(hours=20)))
    acknowledge_concern(concern=taken.concern, by=gwen)

    desk = list_concerns(by=gwen)

    assert ids(desk.waiting) == [danger.concern, older.concern, calm.concern, taken.concern]
    assert waiting_count(viewer=gwen) == 3


def test_a_concern_is_acknowledged_and_closed_with_what_came_of_it(peggy):
    gwen = as_lead()
    sent = raised(peggy)

    acknowledge_concern(concern=sent.concern, by=gwen)
    close_concern(concern=sent.concern, outcome=Outcome.ENQUIRY, words="Enquiry begun", by=gwen)

    found = open_concern(concern=sent.concern, by=gwen)
    assert (found.acknowledged_by, found.closed_by, found.outcome, found.outcome_words) == (
        "Gwen Lacey",
        "Gwen Lacey",
        "enquiry",
        "Enquiry begun",
    )
    assert (ids(list_concerns(by=gwen).waiting), ids(list_concerns(by=gwen).done)) == ([], [sent.concern])


@pytest.mark.parametrize(
    ("before", "step", "says"),
    [
        ((), "close", "already raised"),
        (("acknowledge",), "acknowledge", "already acknowledged"),
        (("acknowledge",), "withdraw", "already acknowledged"),
        (("acknowledge", "close"), "close", "already closed"),
        (("withdraw",), "acknowledge", "already withdrawn"),
        (("withdraw",), "withdraw", "already withdrawn"),
        (("acknowledge",), "reopen", "already acknowledged"),
        (("withdraw",), "reopen", "already withdrawn"),
        (("acknowledge", "close"), "put back", "already closed"),
    ],
)
def test_a_step_out_of_turn_is_refused(peggy, before, step, says):
    gwen, sent = as_lead(), raised(peggy)
    steps = {
        "acknowledge": lambda: acknowledge_concern(concern=sent.concern, by=gwen),
        "close": lambda: close_concern(concern=sent.concern, outcome=Outcome.SUPPORT, words="Done", by=gwen),
        "withdraw": lambda: withdraw_concern(concern=sent.concern, by=make.viewer()),
        "reopen": lambda: reopen_concern(concern=sent.concern, words="Again", by=gwen),
        "put back": lambda: put_back_concern(concern=sent.concern, by=gwen),
    }
    for one in before:
        steps[one]()

    with pytest.raises(Refused, match=says):
        steps[step]()


def later(by: Viewer, minutes: float) -> Viewer:
    return replace(by, at=by.at + timedelta(minutes=minutes))


def closed(peggy, gwen):
    sent = raised(peggy)
    acknowledge_concern(concern=sent.concern, by=gwen)
    close_concern(concern=sent.concern, outcome=Outcome.SUPPORT, words="Support begun", by=gwen)
    return sent.concern


def test_a_closed_concern_is_opened_again_with_a_reason_and_keeps_what_had_been_decided(peggy):
    gwen, other = as_lead(), as_lead(lead("Greta"))
    concern = closed(peggy, gwen)

    with pytest.raises(Refused, match="Say why"):
        reopen_concern(concern=concern, words=" ", by=other)
    reopen_concern(concern=concern, words="He is back", by=other)

    found = open_concern(concern=concern, by=gwen)
    assert (found.raised.state, found.closed_at, found.outcome, found.acknowledged_by) == (
        "acknowledged",
        None,
        "",
        "Gwen Lacey",
    )
    (again,) = found.reopened
    assert (again.why, again.by, again.closed_by, again.outcome, again.outcome_words) == (
        "He is back",
        other.name,
        "Gwen Lacey",
        "support",
        "Support begun",
    )
    line = Event.objects.get(what="concern.reopened")
    assert (line.by_id, line.about_id, line.reason, line.detail) == (other.id, concern, "", {})
    close_concern(concern=concern, outcome=Outcome.ENQUIRY, words="Enquiry begun", by=gwen)
    assert [one.outcome for one in open_concern(concern=concern, by=gwen).reopened] == ["support"]


def test_whoever_closed_it_a_moment_ago_undoes_that_without_a_word(peggy):
    gwen = as_lead()
    concern = closed(peggy, gwen)

    with pytest.raises(Refused, match="Say why"):
        reopen_concern(concern=concern, by=later(gwen, 16))
    reopen_concern(concern=concern, by=later(gwen, 14))

    assert Concern.objects.get().state == "acknowledged"


def test_whoever_acknowledged_it_a_moment_ago_puts_it_back_and_nobody_else_does(peggy):
    gwen, sent = as_lead(), raised(peggy)
    acknowledge_concern(concern=sent.concern, by=gwen)

    for by in (as_lead(lead("Greta")), later(gwen, 16)):
        with pytest.raises(Refused, match="Only whoever acknowledged"):
            put_back_concern(concern=sent.concern, by=by)
    put_back_concern(concern=sent.concern, by=later(gwen, 14))

    row = Concern.objects.get()
    assert (row.state, row.acknowledged_at, row.acknowledged_by) == ("raised", None, None)
    assert Event.objects.get(what="concern.put-back").about_id == sent.concern
    withdraw_concern(concern=sent.concern, by=make.viewer())


def test_nobody_but_its_leads_opens_one_again(peggy):
    concern = closed(peggy, as_lead())

    for by in (make.viewer(), make.viewer("safeguarding_lead")):
        with pytest.raises(NotFound):
            reopen_concern(concern=concern, words="He is back", by=by)
        with pytest.raises(NotFound):
            put_back_concern(concern=concern, by=by)


def test_it_is_not_closed_without_a_word(peggy):
    gwen, sent = as_lead(), raised(peggy)
    acknowledge_concern(concern=sent.concern, by=gwen)

    with pytest.raises(Refused, match="what was decided"):
        close_concern(concern=sent.concern, outcome=Outcome.SUPPORT, words=" ", by=gwen)

    assert Concern.objects.get().state == "acknowledged"


def test_only_its_raiser_takes_it_back_and_the_leads_still_see_that_it_was(peggy):
    gwen, sent = as_lead(), raised(peggy)
    with pytest.raises(NotFound):
        withdraw_concern(concern=sent.concern, by=make.viewer(given="Tom"))

    withdraw_concern(concern=sent.concern, by=make.viewer())

    assert [(one.id, one.state) for one in list_concerns(by=gwen).done] == [(sent.concern, "withdrawn")]


def test_its_raiser_reads_their_words_for_28_days_and_then_only_that_they_raised_it(peggy):
    lead()
    sent = raised(peggy)
    last, after = (make.viewer(at=make.AT + timedelta(days=days)) for days in (27, 28))

    with_words, without = (open_concern(concern=sent.concern, by=by) for by in (last, after))

    assert isinstance(without, Receipt)
    assert (with_words.words, with_words.seen_text) == (TOLD.words, "This morning")
    assert (without.words, without.seen_text, without.danger) == ("", "", False)
    assert (without.received_by, without.raised_at) == ("Council safeguarding", make.AT)


def test_its_raiser_learns_that_it_was_acknowledged_and_nothing_of_what_came_of_it(peggy):
    gwen, sent = as_lead(), raised(peggy)
    acknowledge_concern(concern=sent.concern, by=gwen)
    close_concern(concern=sent.concern, outcome=Outcome.ENQUIRY, words="Quokka", by=gwen)

    told = open_concern(concern=sent.concern, by=make.viewer())

    assert (told.acknowledged_at, told.may_withdraw, "Quokka" in str(told), "Lacey" in str(told)) == (
        make.AT,
        False,
        False,
        False,
    )


def test_a_concern_follows_a_merge(peggy):
    gwen, sent = as_lead(), raised(peggy)
    kept = make.person("Hargreaves", "Peg")
    Person.objects.filter(pk=peggy.pk).update(merged_into=kept)

    assert open_concern(concern=sent.concern, by=gwen).raised.about.id == kept.pk


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 11, 5), date(2026, 11, 6)),  # Thursday
        (date(2026, 11, 6), date(2026, 11, 9)),  # Friday
        (date(2026, 11, 7), date(2026, 11, 9)),  # Saturday
        (date(2026, 11, 8), date(2026, 11, 9)),  # Sunday
        (date(2026, 12, 31), date(2027, 1, 1)),  # a bank holiday is told too early, never too late
    ],
)
def test_it_is_acknowledged_by_the_next_working_day(on, due):
    assert rules.next_working_day(on) == due


def test_it_is_late_once_that_day_is_over(peggy):
    gwen = as_lead()
    raised(peggy)

    late = [list_concerns(by=replace(gwen, at=make.AT + timedelta(days=days))).waiting[0].late for days in (0, 1, 2)]

    assert late == [False, False, True]


@pytest.mark.parametrize(
    "columns",
    [
        {"data_class": "SUM"},
        {"label": "N"},
        {"state": "lost"},
        {"acknowledged_at": make.AT},
        {"outcome": "support"},
        {"closed_at": make.AT, "closed_by": new_id(), "outcome": "support"},
    ],
)
def test_the_database_holds_what_must_hold(peggy, columns):
    raised(peggy)

    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.update(**columns)


@pytest.mark.parametrize("many", [1, 3])
def test_a_leads_list_costs_the_same_for_one_and_for_three(peggy, many, django_assert_num_queries):
    gwen = as_lead()
    for number in range(many):
        row = make.person("Hargreaves", f"Margaret {number}")
        make.relationship(row)
        raised(row)

    # a savepoint and its end; conflicts and concerns, three times; names and earlier identities; receipts; the audit
    with django_assert_num_queries(12):
        assert len(list_concerns(by=gwen).waiting) == many
