"""The rule, held against the field's tables as they were typed again, and what follows from them."""

import random
from datetime import date, timedelta
from uuid import UUID

import pytest

from locality.access import rules
from locality.access.rules import Action, Answer, Context, Factor, Obligation, Relation, Right, Row, decide, opening
from locality.base import Purpose, Viewer, ViewerKind
from tests.access import tables
from tests.access.tables import BY_RELATION, BY_ROLE, CLASSES, EVERYTHING, ORDER, PLAIN, VIEWERS, YES_NO, case_of, cases
from tests.intake_fixtures import AT

OURS, THEIRS = UUID(int=5), UUID(int=6)
DAY = date(2026, 11, 22)


def viewer_of(case: dict) -> Viewer:
    return Viewer(
        kind=ViewerKind(case["kind"]),
        id=UUID(int=1),
        role=case["role"],
        at=AT,
        organisation=OURS,
        purpose=Purpose(case["purpose"]),
        second_factor=case["factor"],
    )


def row_of(case: dict) -> Row:
    sender = OURS if case["own"] else THEIRS
    return Row(
        rules.DataClass(case["data_class"]),
        rules.Label(case["label"]),
        rules.Seal(case["seal"]),
        sender,
        case["announced"],
        case["released"],
    )


def context_of(case: dict) -> Context:
    return Context(
        relation=Relation(case["relation"]),
        override=case["override"],
        dissent=case["dissent"],
        protected=case["protected"],
        address_granted=case["granted"],
        conflict=case["conflict"],
        deceased=case["died"],
        in_scope=case["in_scope"],
        asks_second_factor=case["asks"],
        kept_from_proxy=frozenset({rules.DataClass(case["data_class"])}) if case["kept"] else frozenset(),
    )


def decided(case: dict) -> rules.Decision:
    return decide(viewer=viewer_of(case), row=row_of(case), action=Action(case["action"]), context=context_of(case))


def letter(case: dict) -> str:
    return ORDER[decided(case).answer]


def wrong(some) -> list[dict]:
    return [case for case in some if letter(case) != tables.answer(case)]


# ---- the tables


def test_the_role_table_is_the_fields_own():
    told = {str(role): {str(one): ORDER[cell] for one, cell in row.items()} for role, row in rules.BY_ROLE.items()}

    assert told == BY_ROLE


def test_the_relation_table_is_the_fields_own():
    told = {str(one): {str(c): ORDER[cell] for c, cell in row.items()} for one, row in rules.BY_RELATION.items()}

    assert told == BY_RELATION


def test_every_role_and_relation_and_class_and_action_answers_as_the_tables_do():
    some = cases(
        viewer=VIEWERS,
        relation=list(BY_RELATION),
        data_class=CLASSES,
        action=EVERYTHING["action"],
        override=YES_NO,
    )

    assert wrong(some) == []


def test_every_mark_answers_as_the_tables_do_for_every_role():
    some = cases(
        viewer=VIEWERS,
        relation=["own team", "none", "visit", "the person themselves", "acts for the person"],
        data_class=["LOC", "CLIN", "SAFE"],
        label=EVERYTHING["label"],
        seal=EVERYTHING["seal"],
        announced=YES_NO,
        dissent=YES_NO,
        own=YES_NO,
        override=YES_NO,
    )

    assert wrong(some) == []


def drawn(seed: int, count: int):
    chance = random.Random(seed)
    return (case_of({name: chance.choice(values) for name, values in EVERYTHING.items()}) for _ in range(count))


def test_thirty_thousand_cases_drawn_from_all_there_are_answer_as_the_tables_do():
    assert wrong(drawn(seed=5, count=30_000)) == []


@pytest.mark.prove
def test_a_million_cases_drawn_from_all_there_are_answer_as_the_tables_do():
    assert wrong(drawn(seed=55, count=1_000_000)) == []


# ---- deny wins


# what is tighter, for each dimension: the first is the loosest
TIGHTER = {
    "label": ["N", "R", "V"],
    "seal": ["", "sealed", "locked"],
    "dissent": [False, True],
    "protected": [False, True],
    "granted": [True, False],
    "own": [True, False],
    "conflict": [False, True],
    "purpose": ["care", "planning"],
    "in_scope": [True, False],
    "asks": [False, True],
    "factor": [True, False],
    "died": [False, True],
    "override": [True, False],
    "released": [True, False],
    "kept": [False, True],
}


def opened_wider_by_a_restriction(some) -> list[tuple[dict, str]]:
    found = []
    for case in some:
        loose = decided(case).answer
        for name, order in TIGHTER.items():
            for value in order[order.index(case[name]) + 1 :]:
                if decided(case | {name: value}).answer > loose:
                    found.append((case, name))
    return found


def test_adding_a_restriction_never_opens_anything():
    assert opened_wider_by_a_restriction(drawn(seed=7, count=3_000)) == []


def test_adding_a_restriction_to_what_is_announced_never_makes_it_speak():
    some = cases(viewer=VIEWERS, data_class=CLASSES, label=["N", "R"], announced=[True], dissent=YES_NO)

    assert opened_wider_by_a_restriction(some) == []


@pytest.mark.prove
def test_adding_a_restriction_never_opens_anything_among_a_hundred_thousand():
    assert opened_wider_by_a_restriction(drawn(seed=77, count=100_000)) == []


def test_breaking_the_glass_lifts_only_what_says_ask_and_only_four_factors():
    some = cases(
        viewer=VIEWERS,
        relation=list(BY_RELATION),
        data_class=CLASSES,
        label=EVERYTHING["label"],
        seal=EVERYTHING["seal"],
        conflict=YES_NO,
        action=EVERYTHING["action"],
    )
    liftable = {Factor.RELATION, Factor.DISSENT, Factor.LABEL, Factor.SEAL}

    opened = []
    for case in some:
        before, after = decided(case), decided(case | {"override": True})
        if after.answer != before.answer:
            opened.append((case["action"], before.factor in liftable, before.ceiling))

    assert set(opened) == {("read", True, Answer.ASK)}


@pytest.mark.parametrize(
    "mark",
    [
        {"label": "V"},
        {"seal": "locked"},
        {"protected": True, "data_class": "LOC"},
        {"data_class": "PRIOR"},
        {"conflict": True},
        {"purpose": "planning"},
        {"in_scope": False},
        {"asks": True},
    ],
)
@pytest.mark.parametrize("role", ["clinician", "safeguarding_lead"])
def test_what_may_never_be_lifted_stays_hidden_when_the_glass_is_broken(mark, role):
    case = case_of(mark | {"viewer": ("practitioner", role), "override": True})

    assert letter(case) == "H"


@pytest.mark.parametrize(
    ("mark", "row"),
    [
        ("label_V", Row(rules.DataClass.SUM, rules.Label.VERY_RESTRICTED)),
        ("seal_locked", Row(rules.DataClass.SUM, seal=rules.Seal.LOCKED)),
    ],
)
def test_what_may_never_be_lifted_is_not_lifted_where_a_place_writes_ask_into_the_table_either(monkeypatch, mark, row):
    """The letters are a place's to change; that nothing lifts these two is not."""
    monkeypatch.setitem(rules.deciding.BY_MARK, mark, Answer.ASK)
    context = Context(relation=Relation.OWN_TEAM, override=True)

    found = decide(viewer=practitioner("clinician"), row=row, action=Action.READ, context=context)

    assert found.answer == Answer.ASK


@pytest.mark.parametrize(("role", "answer"), [("clinician", "P"), ("safeguarding_lead", "P"), ("social_worker", "A")])
def test_a_seal_is_lifted_for_a_clinician_and_a_safeguarding_lead_alone(role, answer):
    case = case_of({"viewer": ("practitioner", role), "data_class": "SUM", "seal": "sealed", "override": True})

    assert letter(case) == answer


# ---- why, and what it obliges to


@pytest.mark.parametrize(
    ("told", "factor"),
    [
        ({}, None),
        ({"label": "V"}, Factor.LABEL),
        ({"seal": "locked"}, Factor.SEAL),
        ({"dissent": True}, Factor.DISSENT),
        ({"conflict": True}, Factor.CONFLICT),
        ({"purpose": "planning"}, Factor.PURPOSE),
        ({"relation": "none"}, Factor.RELATION),
        ({"data_class": "SAFE"}, Factor.ROLE),
        ({"data_class": "LOC", "protected": True}, Factor.ADDRESS),
        ({"action": "contact", "died": True}, Factor.DECEASED),
        ({"action": "export"}, Factor.SECOND_FACTOR),
        ({"action": "decide"}, Factor.SECOND_FACTOR),
        ({"viewer": ("proxy", "proxy"), "relation": "acts for the person", "kept": True}, Factor.LIMITS),
    ],
)
def test_a_decision_says_which_factor_gave_the_lowest_ceiling(told, factor):
    assert decided(case_of(told)).factor == factor


def test_lifting_obliges_to_a_reason_an_alert_and_telling_the_person():
    lifted = decided(case_of({"relation": "none", "override": True}))
    nothing_to_lift = decided(case_of({"override": True}))

    assert lifted.obligations == {
        Obligation.AUDIT,
        Obligation.REASON,
        Obligation.ALERT,
        Obligation.TELL_THE_PERSON,
    }
    assert nothing_to_lift.obligations == {Obligation.AUDIT}


def test_a_conflict_alerts_and_whoever_is_watched_is_reviewed_and_nothing_is_withheld_for_it():
    case = case_of({})
    viewer, row = viewer_of(case), row_of(case)

    conflict = decide(viewer=viewer, row=row, action=Action.READ, context=Context(conflict=True))
    watched = decide(
        viewer=viewer, row=row, action=Action.READ, context=Context(relation=Relation.OWN_TEAM, watched=True)
    )

    assert (conflict.answer, Obligation.ALERT in conflict.obligations) == (Answer.HIDE, True)
    assert (watched.answer, Obligation.REVIEW in watched.obligations) == (Answer.PERMIT, True)


def test_dissent_from_one_organisation_closes_what_it_sent_and_nothing_else():
    viewer = viewer_of(case_of({}))
    context = Context(relation=Relation.OWN_TEAM, dissent_of=frozenset({THEIRS}))
    other = UUID(int=7)

    answers = {
        sender: decide(
            viewer=viewer, row=Row(rules.DataClass.CLIN, sender=sender), action=Action.READ, context=context
        ).answer
        for sender in (OURS, THEIRS, other)
    }

    assert answers == {OURS: Answer.PERMIT, THEIRS: Answer.ASK, other: Answer.PERMIT}


# ---- what opens


def practitioner(role: str, **other) -> Viewer:
    return viewer_of(case_of({"viewer": ("practitioner", role)} | other))


def opens(viewer: Viewer, relation: Relation, **other) -> rules.Opening:
    return opening(viewer=viewer, context=Context(relation=relation, **other))


@pytest.mark.parametrize("role", rules.RoleCode)
@pytest.mark.parametrize("relation", [Relation.NONE, Relation.ORGANISATION, Relation.ENDED])
def test_without_a_live_relationship_no_record_opens_for_any_role(role, relation):
    assert not opens(practitioner(role), relation).opens


def test_of_an_ended_relationship_the_lines_of_work_are_left():
    found = opens(practitioner("clinician"), Relation.ENDED)

    assert (found.whole, found.redacted) == ({rules.DataClass.ID}, {rules.DataClass.WORK})


def test_with_the_glass_broken_a_record_opens_to_whoever_may_ask_and_to_nobody_else():
    opened = {role for role in rules.RoleCode if opens(practitioner(role), Relation.NONE, override=True).opens}

    assert opened == {"clinician", "social_worker", "safeguarding_lead"}


@pytest.mark.parametrize(
    ("viewer", "relation", "override", "right"),
    [
        ("clinician", Relation.OWN_TEAM, False, Right.RELATION),
        ("clinician", Relation.OWN_TEAM, True, Right.RELATION),
        ("clinician", Relation.NONE, True, Right.OVERRIDE),
    ],
)
def test_an_opening_says_by_which_right_it_is(viewer, relation, override, right):
    assert opens(practitioner(viewer), relation, override=override).right == right


@pytest.mark.parametrize(
    ("kind", "relation", "right"), [("person", Relation.SELF, Right.SELF), ("proxy", Relation.PROXY, Right.PROXY)]
)
def test_a_person_and_whoever_acts_for_them_open_by_their_own_rows_of_the_tables(kind, relation, right):
    viewer = viewer_of(case_of({"viewer": (kind, kind)}))

    found = opens(viewer, relation)

    assert (found.opens, found.right, rules.DataClass.SAFE in found.whole | found.redacted) == (True, right, False)
    assert not opens(viewer, Relation.OWN_TEAM).opens


def test_one_may_write_where_one_knows_the_person_and_not_with_the_glass_broken():
    clinician = practitioner("clinician")

    assert opens(clinician, Relation.OWN_TEAM).writes
    assert not opens(clinician, Relation.NONE, override=True).writes


def test_in_the_one_plan_writes_whoever_knows_the_person_they_themselves_and_whoever_acts_for_them():
    proxy = viewer_of(case_of({"viewer": ("proxy", "proxy")}))

    assert [opens(practitioner("link_worker"), relation).writes_plan for relation in Relation] == [
        *(relation in (Relation.OWN_TEAM, Relation.REFERRAL, Relation.VISIT) for relation in Relation)
    ]
    assert not opens(practitioner("clinician"), Relation.NONE, override=True).writes_plan
    assert (opens(proxy, Relation.PROXY).writes, opens(proxy, Relation.PROXY).writes_plan) == (False, True)
    assert not opens(proxy, Relation.PROXY, kept_from_proxy=frozenset({rules.DataClass.PLAN})).writes_plan


@pytest.mark.parametrize("role", ["astrologer", "", "person", "proxy", "CLINICIAN"])
def test_a_role_nobody_has_written_down_opens_nothing(role):
    assert not opens(practitioner(role), Relation.OWN_TEAM).opens


def test_the_strongest_of_several_relationships_is_the_one_that_opens_most():
    told = {Relation.NONE, Relation.ORGANISATION, Relation.ENDED, Relation.VISIT, Relation.REFERRAL, Relation.OWN_TEAM}
    order = []
    while told:
        order.append(rules.strongest(told))
        told -= {order[-1]}

    sums = [sum(answer for answer in rules.BY_RELATION[one].values()) for one in order]
    assert order[:3] == [Relation.OWN_TEAM, Relation.REFERRAL, Relation.VISIT]
    assert sums == sorted(sums, reverse=True)


# ---- the file of the tables


TEXT = (rules.tables.FILE).read_text()


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        (
            'clinician          = "P  P   P   P    P   P    A    P    P    H   H"',
            'clinician = "P P"',
            "line 18, [roles] clinician",
        ),
        ('analyst            = "H', 'analyst            = "X', "write 11 of the letters H, M, A, R, P"),
        ("link_worker        =", "linkworker         =", "[roles] linkworker: nobody knows this"),
        ('visit          = "P', 'visits         = "P', "[relations] visits"),
        ('lifts         = "relation dissent label seal"', 'lifts = "conflict"', "'conflict' is not known"),
        ("longest_hours = 3", "longest_hours = 4", "write a whole number from 1 to 3"),
        ("longest_hours = 3", "longest_hours = true", "write a whole number from 1 to 3"),
        ('conflict      = "H"', "", "[marks] conflict: this is missing"),
        ("[proxies]", "[proxys]", "there is no such section"),
        ("parent_until_age = 13", "parent_until_age = 130", "from 0 to 18"),
        ('may_ask       = "clinician', 'may_ask       = "clinican', "'clinican' is not known"),
        ("[marks]", "[marks", "cannot be read"),
    ],
)
def test_a_table_with_a_mistake_is_refused_and_says_where_and_what_to_write(written, instead, told):
    assert written in TEXT

    with pytest.raises(rules.TableError) as refused:
        rules.read_tables(text=TEXT.replace(written, instead, 1), name="tables.toml")

    assert told in str(refused.value)


def test_every_line_of_the_tables_is_needed():
    lines = TEXT.splitlines()
    kept = []
    for number, line in enumerate(lines):
        if "=" not in line or line.startswith("#"):
            continue
        without = "\n".join([*lines[:number], *lines[number + 1 :]])
        try:
            rules.read_tables(text=without, name="tables.toml")
        except rules.TableError:
            continue
        kept.append(line)

    assert kept == []


# ---- the rules of marks


@pytest.mark.parametrize(
    ("born", "until"),
    [
        (date(2015, 6, 1), date(2028, 6, 1)),
        (date(2016, 2, 29), date(2029, 3, 1)),
    ],
)
def test_a_parents_rights_end_on_a_birthday(born, until):
    assert rules.parent_until(born) == until


@pytest.mark.parametrize(
    ("words", "before", "odd"),
    [
        ("Seen in A&E, confused", [], set()),
        ("seen in a&e,  CONFUSED", ["Seen in A&E, confused"], {"repeated"}),
        ("urgent", [], {"short"}),
        ("123 456 789", [], {"no words"}),
    ],
)
def test_what_is_odd_about_a_reason_is_said(words, before, odd):
    assert rules.quality_of(words=words, said_before=before) == odd


def test_broken_glass_closes_after_three_hours_whatever_is_asked():
    assert rules.override_ends_at(made_at=AT, hours=99) == AT + timedelta(hours=3)
    assert rules.override_ends_at(made_at=AT, hours=1) == AT + timedelta(hours=1)


def test_the_plain_case_of_these_tests_opens():
    assert letter(case_of(PLAIN)) == "P"
