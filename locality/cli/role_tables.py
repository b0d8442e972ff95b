"""Who may see what, as people read it: the tables of `access/rules/tables.toml`, and what follows from them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from locality.base import SYSTEM_ID, Viewer, ViewerKind
from locality.cli.tables import table

HEAD = """
# Who may see what

The tables are data: `locality/access/rules/tables.toml`, printed here whole. What a viewer sees of one row is the
**lowest** of all ceilings below. A restriction therefore never opens anything, and what is not written is hidden.
The classes are explained in [access](../access.md#classes).

Permit: whole. Redact: its line, without what opens below it. Ask: closed, and breaking the glass may open it.
Mask: only that there is more, and whom to ask. Hide (·): as if it did not exist.
"""
RELATIONS = """
What the dated rows between a viewer and a person amount to. Who looked (AUD) and who somebody was before (PRIOR) open
by the role alone.
"""
MARKS = """
Each of these holds where its mark does, whatever the two tables above say. *Lifted*: breaking the glass sets it to
permit where it says ask, for reading alone. Nothing else is ever lifted.
"""
OPENS = """
The tables together, for rows that carry no mark, as `access.rules.opening` reads them. A record opens with its summary
(SUM); what opens without it is for lists of work.
"""
BROKEN = "The same once the glass is broken."


def roles() -> Iterator[str]:
    """The tables of access.rules, as people read them."""
    from locality.access import rules

    yield from HEAD.strip().splitlines()
    yield from ("", "## By role", "")
    words: dict[str, str] = {rules.PERSON: "The person", rules.PROXY: "Acting for the person"}
    words |= {str(role): said for role, said in rules.ROLE_WORDS.items()}
    by_role = {words[role]: answers for role, answers in rules.BY_ROLE.items()}
    yield from _answers("role", rules.DataClass, by_role)
    yield from ("## By relationship", "", *RELATIONS.strip().splitlines(), "")
    yield from _answers("relationship", rules.DataClass, rules.BY_RELATION)
    yield from _marks()
    yield from _glass()
    yield from ("## What opens", "", *OPENS.strip().splitlines(), "")
    yield from _openings(override=False)
    yield from (BROKEN, "")
    yield from _openings(override=True)
    yield from ("## What makes a relationship", "")
    kinds = ([f"`{kind}`", relation] for kind, relation in rules.AMOUNTS_TO.items())
    yield from table(["dated row", "amounts to"], kinds)


def _answers(what: str, columns: Iterable[str], rows: Mapping[Any, Mapping[Any, Any]]) -> Iterator[str]:
    names = [name for name in columns if any(name in answers for answers in rows.values())]
    told = ([str(row), *(_said(answers.get(name)) for name in names)] for row, answers in rows.items())
    yield from table([what, *names], told)


MARK_WORDS = {
    "label_R": "the sender labelled the row restricted (not for the person)",
    "label_V": "the sender labelled it very restricted",
    "seal_sealed": "the person sealed it (not for the person)",
    "seal_locked": "the person locked it: no trace (not for the person)",
    "dissent": "the person objects to sharing, and another organisation sent it",
    "address": "class LOC of a protected address, without a named and dated grant",
    "prior": "class PRIOR, but for the identity custodian and the person",
    "conflict": "their own record, family, household, declared, or under investigation",
    "purpose": "what is done is not care",
    "scope": "another person than oneself, or than whom one acts for",
    "second_factor": "no second factor, or a stale one, where it is asked for",
    "action": "the role or the relationship may not do this",
    "deceased": "contact with somebody who has died",
    "limits": "a class that is kept from this one who acts for the person",
}
LIFTED = {"label_R": "label", "seal_sealed": "seal", "dissent": "dissent"}


def _marks() -> Iterator[str]:
    from locality.access import rules

    yield from ("## By mark", "", *MARKS.strip().splitlines(), "")
    rows = ([MARK_WORDS[mark], _said(answer), _lifted(mark)] for mark, answer in rules.BY_MARK.items())
    yield from table(["where", "at most", "lifted"], rows)
    words = {
        "told_of_safeguarding": "Told that there is safeguarding to ask about",
        "export": "May export or print in bulk",
        "write": "May write",
        "write_plan": "May write in the one plan",
        "contact": "May make contact",
        "decide": "May decide who acts for somebody, and what is released to them",
        "prior_identity": "May see an earlier identity",
        "names_proxies": "May write down who acts for somebody",
        "releases_safeguarding": "Decides whether the person sees a line of safeguarding",
        "releases_restricted": "The same of a very restricted line that opens to them",
        "second_factor": "Always asks for a second factor",
    }
    rows = ([words[key], ", ".join(sorted(names))] for key, names in rules.TABLES.lists.items())
    yield from table(["what", "who, or which"], rows)


def _lifted(mark: str) -> str:
    from locality.access import rules

    if LIFTED.get(mark) not in rules.TABLES.lifts:
        return "never"
    return f"for {_named(rules.TABLES.lifts_seal)}" if mark == "seal_sealed" else "yes"


def _named(roles: Iterable[str]) -> str:
    from locality.access import rules

    return ", ".join(rules.ROLE_WORDS[rules.RoleCode(role)].lower() for role in sorted(roles))


def _glass() -> Iterator[str]:
    from locality.access import rules

    yield from ("## Breaking the glass", "")
    yield f"By {_named(rules.TABLES.may_ask)}; for {rules.TABLES.longest_hours} hours at most, with a reason, to read."
    lifts = ", ".join(sorted(rules.TABLES.lifts))
    yield f"It lifts {lifts}, each only where it says ask. To every other role what says ask is hidden."
    yield f"A parent acts for a child until the birthday on which they are {rules.TABLES.parent_until_age}."
    yield ""


def _openings(*, override: bool) -> Iterator[str]:
    from locality.access import rules

    relations = [one for one in rules.BY_RELATION if one not in (rules.Relation.SELF, rules.Relation.PROXY)]
    no_time = datetime.min.replace(tzinfo=UTC)
    viewers = {
        words: Viewer(kind=ViewerKind.PRACTITIONER, id=SYSTEM_ID, role=role, at=no_time)
        for role, words in rules.ROLE_WORDS.items()
        if not override or role in rules.TABLES.may_ask
    }
    rows = [[words, *(_opened(viewer, one, override) for one in relations)] for words, viewer in viewers.items()]
    if not override:
        for kind, relation in ((ViewerKind.PERSON, rules.Relation.SELF), (ViewerKind.PROXY, rules.Relation.PROXY)):
            viewer = Viewer(kind=kind, id=SYSTEM_ID, role=kind, at=no_time)
            rows.append([str(relation), _opened(viewer, relation, override), *["·"] * (len(relations) - 1)])
    yield from table(["role", *relations], rows)


def _opened(viewer: Viewer, relation: Any, override: bool) -> str:
    from locality.access import rules

    opening = rules.opening(viewer=viewer, context=rules.Context(relation=relation, override=override))
    if not opening.opens:
        return "·"
    whole, redacted = (
        ", ".join(one for one in rules.DataClass if one in some) for some in (opening.whole, opening.redacted)
    )
    return f"{whole}; redacted {redacted}" if redacted else whole


def _said(answer: Any) -> str:
    return "·" if not answer else str(answer.name).lower()
