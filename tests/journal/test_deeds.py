"""Every line that the code can write has its words, and is a FHIR AuditEvent."""

import ast
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

import locality
from locality.base import SYSTEM_ID
from locality.journal.models import Event
from locality.journal.rules import DEEDS, Kind, deed
from locality.journal.rules.audit_event import audit_event
from locality.neighbourhoods.rules.corrections import CorrectionMove
from locality.neighbourhoods.rules.inbox import AlertMove
from locality.neighbourhoods.rules.outbox import MessageMove
from locality.neighbourhoods.rules.referrals import ReferralMove
from locality.neighbourhoods.rules.tasks import AskKind, TaskMove
from locality.people.actions.deciding import ANSWERS
from locality.population.rules.finding import Answer
from locality.record.intake.r4.problems import problems

HOUSE = Path(locality.__file__).parent
# what the code puts together: each beginning, and all that may follow
PUT_TOGETHER = {
    "identity.{answer}": ANSWERS,
    "intake.{kind}": ("received", "retried"),
    "finding.{said.answer}": tuple(Answer),
    "referral.{move}": tuple(ReferralMove),
    "correction.{what}": ("asked", *CorrectionMove),
    "task.{move}": tuple(TaskMove),
    "task.{kind}": tuple(AskKind),
    "alert.{move}": tuple(AlertMove),
    "message.{move}": tuple(MessageMove),
}
# the news has words of its own, and is no audit
NOT_THE_AUDIT = {"News"}
FLOORS = (
    *("journal", "directory", "people", "access", "record", "neighbourhoods", "population", "web", "watch", "cli"),
)


def trees() -> list[ast.Module]:
    paths = (path for floor in FLOORS for path in (HOUSE / floor).rglob("*.py"))
    return [ast.parse(path.read_text()) for path in paths if "migrations" not in path.parts]


def named(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def positions() -> dict[str, int]:
    """The functions that take `what` as one of their first arguments, and as which."""
    functions = (node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    taken = [(f.name, [argument.arg for argument in f.args.args]) for f in functions]
    return {name: names.index("what") for name, names in taken if "what" in names}


def given_as_what(tree: ast.Module, at: dict[str, int]) -> list[ast.expr]:
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and named(node) not in NOT_THE_AUDIT:
            found += [keyword.value for keyword in node.keywords if keyword.arg == "what"]
            place = at.get(named(node))
            found += node.args[place : place + 1] if place is not None else []
        if isinstance(node, ast.FunctionDef):
            defaults = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            found += [default for argument, default in defaults if argument.arg == "what" and default is not None]
        if isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == ["what"]:
            found.append(node.value)
    return found


def constants() -> dict[str, set[str]]:
    """The words that stand under a name in capitals, in any file."""
    found: dict[str, set[str]] = {}
    assigned = (node for tree in trees() for node in tree.body if isinstance(node, ast.Assign))
    for node in assigned:
        name = getattr(node.targets[0], "id", "")
        if name.isupper() and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found.setdefault(name, set()).add(node.value.value)
    return found


def whats() -> set[str]:
    """All that the code may write as the `what` of a line, read from the code itself."""
    at, written, named_so = positions(), set(), constants()
    for one in (value for tree in trees() for value in given_as_what(tree, at)):
        for part in ast.walk(one):
            if isinstance(part, ast.JoinedStr):
                pattern = ast.unparse(part)[2:-1]
                written |= {pattern.split("{")[0] + end for end in PUT_TOGETHER.get(pattern, ())}
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                written.add(part.value)
            elif isinstance(part, ast.Name | ast.Attribute):
                written |= named_so.get(getattr(part, "id", getattr(part, "attr", "")), set())
    return {what for what in written if "." in what.strip(".")}


WHATS = sorted(whats())


def test_the_code_is_read_for_what_it_writes():
    """Each way of writing a line is among those that were found: by name, by place, by default, put together."""
    ways = {"record.printed", "staff.move", "record.opened", "identity.unsure", "number.corrected", "intake.retried"}

    assert ways - set(WHATS) == set()


def test_every_line_that_the_code_writes_has_its_words():
    assert [what for what in WHATS if what not in DEEDS] == []


def test_no_words_are_kept_for_what_nothing_writes():
    assert [what for what in DEEDS if what not in WHATS] == []


@pytest.mark.parametrize("what", DEEDS)
def test_the_words_read_as_a_sentence_for_the_person_and_for_the_officer(what):
    words = deed(what).words

    sentences = {words.format(whose="your", them="you"), words.format(whose="their", them="them")}
    assert [said for said in sentences if "{" in said or said != said.strip() or said.endswith(".")] == []


PERSON, THING, NURSE, HOSPITAL = UUID(int=7), UUID(int=8), UUID(int=9), UUID(int=10)


def event(what: str = "record.opened", **other: object) -> Event:
    told = {
        "id": 12,
        "at": datetime(2026, 11, 5, 9, 40, 3, 5, tzinfo=UTC),
        "what": what,
        "outcome": "done",
        "by_kind": "practitioner",
        "by_id": NURSE,
        "role": "clinician",
        "organisation_id": HOSPITAL,
        "purpose": "care",
        "person_id": PERSON,
        "about_id": None,
        "reason": "",
        "detail": {},
    }
    return Event(**(told | other))


@pytest.mark.parametrize("what", [*DEEDS, "page.person", "never.heard-of"])
@pytest.mark.parametrize(
    "other",
    [
        {},
        {"by_kind": "system", "by_id": SYSTEM_ID, "role": "system", "organisation_id": None, "purpose": "operations"},
        {"person_id": None, "about_id": THING},
        {"person_id": None},
        {"outcome": "refused", "reason": "Your team's reason to see this person has ended."},
        {"by_kind": "person", "role": "", "about_id": THING},
        {"by_kind": "proxy"},
    ],
    ids=["a nurse", "the system", "of a thing", "of nothing", "refused", "the person", "somebody for them"],
)
def test_every_line_is_a_fhir_audit_event(what, other):
    assert list(problems(audit_event(event(what, **other), observer="Locality"))) == []


def test_an_audit_event_says_who_looked_at_whom_in_which_role_for_whom_and_why():
    told = audit_event(event(about_id=THING), observer="Smallborough", broke_glass=True)

    assert (told["type"]["code"], told["subtype"][0]["code"], told["action"]) == ("rest", "read", "R")
    assert (told["recorded"], told["outcome"]) == ("2026-11-05T09:40:03.000005Z", "0")
    assert [one["coding"][0]["code"] for one in told["purposeOfEvent"]] == ["TREAT", "BTG"]
    assert [(one["who"]["reference"], one["requestor"]) for one in told["agent"]] == [
        (f"Practitioner/{NURSE}", True),
        (f"Organization/{HOSPITAL}", False),
    ]
    assert told["agent"][0]["role"] == [{"text": "clinician"}]
    assert told["source"]["observer"] == {"display": "Smallborough"}
    assert [one.get("what") for one in told["entity"]] == [
        {"reference": f"Patient/{PERSON}"},
        {"identifier": {"value": str(THING)}},
    ]


def test_a_refusal_is_a_failure_with_its_reason():
    told = audit_event(event("page.person", outcome="refused", reason="It has ended."), observer="Locality")

    assert (told["outcome"], told["outcomeDesc"]) == ("4", "It has ended.")


def test_a_search_hit_is_a_query_about_one_person():
    told = audit_event(event("person.found"), observer="Locality")

    assert [(one["role"]["code"], "query" in one) for one in told["entity"]] == [("1", False), ("24", True)]


def test_a_line_that_is_opened_is_told_in_the_same_words_whatever_it_is():
    """A word more for one class of line would tell that there is a line of that class."""
    assert [what for what in WHATS if what.startswith("line.opened")] == ["line.opened"]
    assert DEEDS["line.opened"].kind == Kind.LOOK
