"""Hazards 5 and 6: what is not known of allergies is never shown as none. Each state has what could have fooled it."""

import pytest

from locality.access.rules import CLOSED, DataClass, Label, Opening, Relation, RoleCode, Seal
from locality.record.queries import summary
from locality.record.queries.shapes import Known, Panel
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

NONE_KNOWN = make.allergy("No known allergies", "716186003", id="none")
NO_DRUG_ALLERGY = make.allergy("No known drug allergy", "409137002", id="no-drugs")
REFUTED = {"verificationStatus": {"coding": [{"code": "refuted"}]}, "clinicalStatus": None}


def allergies(person, viewer=None, **other) -> Panel:
    return summary(grant=make.opened(person, viewer, **other), at=make.AT).allergies


def refuted() -> dict:
    told = make.allergy(id="refuted", verificationStatus={"coding": [{"code": "refuted"}]})
    del told["clinicalStatus"]
    return told


def says_hello(patient) -> None:
    """The source knows her, and has said nothing of allergies."""
    make.resource(patient, {"resourceType": "Patient", "id": patient.local_id})


# ---- present


def test_an_allergy_that_holds_is_present():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.allergy())

    panel = allergies(peggy)

    assert (panel.state, panel.words, make.things(panel.facts)) == (Known.PRESENT, "", [row.thing])


def test_every_allergy_is_shown_the_gravest_first():
    peggy, (gp,) = make.peggy("gp")
    for number in range(40):
        make.resource(gp, make.allergy(f"Substance {number:02}", code=f"{number}"))
    severe = {"reaction": [{"manifestation": [{"text": "Anaphylaxis"}]}]}
    make.resource(gp, make.allergy("Wasp venom", code="wasp", **severe))

    panel = allergies(peggy)

    assert (len(panel.facts), panel.facts[0].title) == (41, "Wasp venom")


def test_an_allergy_of_which_no_status_was_sent_is_present():
    peggy, (gp,) = make.peggy("gp")
    told = make.allergy()
    del told["clinicalStatus"]
    make.resource(gp, told)

    panel = allergies(peggy)

    assert (panel.state, [fact.state for fact in panel.facts]) == (Known.PRESENT, ["Status not said"])


def test_one_who_says_none_and_one_who_names_an_allergy_is_present_and_both_are_said():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, NONE_KNOWN)
    named = make.resource(acute, make.allergy())

    panel = allergies(peggy)

    assert panel.state == Known.PRESENT
    assert panel.facts[0].id == named.thing
    assert panel.facts[1].caution == "Another line here names an allergy, and this one says that none is known."


# ---- none known


@pytest.mark.parametrize(
    "statement",
    [
        NONE_KNOWN,
        make.allergy("No known allergies", ""),
        {
            "resourceType": "List",
            "status": "current",
            "mode": "snapshot",
            "code": make.coded("Allergies", "886921000000105"),
            "emptyReason": {"coding": [{"code": "nilknown"}]},
        },
    ],
    ids=["coded", "in words", "a list said to be empty"],
)
def test_none_is_known_only_where_somebody_says_so(statement):
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, statement)

    panel = allergies(peggy)

    assert (panel.state, panel.words) == (Known.NONE_KNOWN, "No known allergies, said explicitly.")
    assert [sender.name for fact in panel.facts for sender in fact.senders] == ["Mill Lane Practice"]


def test_no_known_drug_allergy_is_not_none_known():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, NO_DRUG_ALLERGY)

    panel = allergies(peggy)

    assert panel.state == Known.NOT_RECORDED
    assert [(fact.title, fact.caution) for fact in panel.facts] == [
        ("No known drug allergy", "It speaks of one kind of allergy only: others were not asked about.")
    ]


def test_a_statement_entered_in_error_says_nothing():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, NONE_KNOWN, state="wrong", status="entered-in-error")
    says_hello(gp)

    assert allergies(peggy).state == Known.NOT_RECORDED


def test_an_allergy_that_was_ruled_out_does_not_make_none_known():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, refuted())

    panel = allergies(peggy)

    assert panel.state == Known.NOT_RECORDED
    assert [fact.state for fact in panel.facts] == ["Ruled out"]
    assert panel.words == ("No allergy that holds is recorded; what was said is listed. This does not mean none: ask.")


# ---- not recorded, not connected


def test_nothing_said_by_those_who_would_is_not_recorded():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    says_hello(gp)
    says_hello(acute)

    panel = allergies(peggy)

    assert (panel.state, panel.facts) == (Known.NOT_RECORDED, ())


@pytest.mark.parametrize(
    "columns",
    [
        {"connected": False},
        {"sends": ["Patient", "Encounter"]},
        {"is_trial": True},
    ],
)
def test_nobody_who_would_say_is_connected(columns):
    peggy, (gp,) = make.peggy("gp")
    says_hello(gp)
    for name, value in columns.items():
        setattr(gp.source, name, value)
    gp.source.save()

    assert allergies(peggy).state == Known.NOT_CONNECTED


def test_one_who_is_connected_and_never_sent_is_as_good_as_not_connected():
    peggy, _ = make.peggy()
    make.source("gp", last_at=None)
    says_hello(make.patient(peggy, make.source("community")))

    assert allergies(peggy).state == Known.NOT_CONNECTED


# ---- unavailable


@pytest.mark.parametrize(
    "fault",
    [
        {"every_hours": 1},  # late: it last sent two hours ago
        {"agreement_ends_on": make.TODAY},  # nothing has been taken in since the agreement ended
    ],
)
def test_when_who_usually_says_has_not_sent_it_is_unavailable(fault):
    peggy, (gp,) = make.peggy("gp")
    says_hello(gp)
    for name, value in fault.items():
        setattr(gp.source, name, value)
    gp.source.save()

    panel = allergies(peggy)

    assert (panel.state, len(panel.silent)) == (Known.UNAVAILABLE, 1)


def test_a_late_source_that_does_not_know_her_says_nothing_of_hers():
    peggy, (gp,) = make.peggy("gp")
    says_hello(gp)
    make.source("acute", every_hours=1)

    assert allergies(peggy).state == Known.NOT_RECORDED


def test_a_late_source_leaves_what_is_held_in_sight():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.allergy())
    gp.source.every_hours = 1
    gp.source.save()

    panel = allergies(peggy)

    assert (panel.state, panel.silent) == (Known.PRESENT, ("Mill Lane Practice: late by 1 hour",))


# ---- withheld


@pytest.mark.parametrize("kept", [{"label": Label.RESTRICTED}, {"seal": Seal.SEALED}])
@pytest.mark.parametrize("shown", [None, NONE_KNOWN, make.allergy("Latex", "1003755004")], ids=["-", "none", "latex"])
def test_an_allergy_kept_back_is_said_to_be_whatever_else_is_held(kept, shown):
    peggy, (gp, acute) = make.peggy("gp", "acute")
    says_hello(gp)
    make.resource(acute, make.allergy(), **kept)
    if shown:
        make.resource(gp, shown)

    told = summary(grant=make.opened(peggy), at=make.AT)

    assert told.allergies.state == Known.WITHHELD
    assert told.face.alerts[-1] == "Some allergies are withheld: ask before acting"
    assert "Penicillin" not in str(told)


@pytest.mark.parametrize("hidden", [{"label": Label.VERY_RESTRICTED}, {"seal": Seal.LOCKED}])
def test_one_of_which_nothing_may_be_told_leaves_no_trace(hidden):
    peggy, (gp, acute) = make.peggy("gp", "acute")
    says_hello(gp)
    before = summary(grant=make.opened(peggy), at=make.AT)

    make.resource(acute, make.allergy(), **hidden)

    assert summary(grant=make.opened(peggy), at=make.AT) == before
    assert before.allergies.state == Known.NOT_RECORDED


def test_a_role_for_which_the_summary_does_not_open_is_told_that_it_does_not():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.allergy())
    opening = Opening(relation=Relation.OWN_TEAM, whole=frozenset({DataClass.WORK}), redacted=frozenset())

    panel = allergies(peggy, opening=opening)

    assert (panel.state, panel.facts) == (Known.WITHHELD, ())
    assert panel.words == "Your role does not open allergies. This does not mean none: ask before acting."
    assert CLOSED.opens is False


def test_a_care_coordinator_sees_the_line_and_not_what_opens_under_it():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.allergy(note=[{"text": "In 1974, by her mother's account"}]))

    panel = allergies(peggy, make.viewer(RoleCode.CARE_COORDINATOR))

    assert (panel.state, [(fact.title, fact.details) for fact in panel.facts]) == (Known.PRESENT, [("Penicillin", ())])


@pytest.mark.parametrize("state", list(Known))
def test_only_one_state_says_none(state):
    from locality.record.queries.freshness import known_words

    words = known_words(state, "allergies")

    assert words.startswith("No known") == (state == Known.NONE_KNOWN)
