"""What the record says of somebody that a receiver may need: each with who said it and when, to be ticked or left."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base.periods import LONDON
from locality.neighbourhoods.queries.plan_shapes import WholePlan
from locality.neighbourhoods.queries.plans import plan
from locality.record.queries.shapes import Fact, Panel, Summary


class FactKind(StrEnum):
    ABOUT_ME = "about me"
    ACCESS = "access needs"
    RISKS = "risks"
    ALLERGIES = "allergies"
    CARERS = "carers"
    GOALS = "goals"
    PROBLEMS = "problems"
    MEDICINES = "medicines"
    DECISIONS = "advance decisions"


HEADINGS = {
    FactKind.ABOUT_ME: "About me, in their words",
    FactKind.ACCESS: "What they need so as to be heard and to get about",
    FactKind.RISKS: "Risks",
    FactKind.ALLERGIES: "Allergies",
    FactKind.CARERS: "Who is close to them",
    FactKind.GOALS: "What they are working towards",
    FactKind.PROBLEMS: "Problems",
    FactKind.MEDICINES: "Medicines",
    FactKind.DECISIONS: "Advance decisions",
}
# the least that a charity needs, and what another team of the same place usually does; the rest is ticked by hand
FOR_CHARITIES = frozenset({FactKind.ACCESS})
FOR_TEAMS = frozenset(
    {FactKind.ABOUT_ME, FactKind.ACCESS, FactKind.RISKS, FactKind.ALLERGIES, FactKind.CARERS, FactKind.DECISIONS}
)
# never ticked beforehand: whoever sends such a line has thought of whom it goes to
CLOSEST = frozenset({DataClass.SENS, DataClass.SAFE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One line of the record, as it can be sent; `key` names it on a form."""

    key: str
    kind: FactKind
    words: str
    source: str
    on: date | None
    data_class: str

    def as_sent(self) -> dict[str, Any]:
        """As it is kept with the referral: what was known when it was sent."""
        return {
            "kind": str(self.kind),
            "heading": HEADINGS[self.kind],
            "words": self.words,
            "source": self.source,
            "on": self.on.isoformat() if self.on else "",
            "data_class": str(self.data_class),
        }


def known_of(*, grant: Grant, at: datetime) -> list[Known]:
    """What the record and the plan say that a receiver may need, by kind; struck lines are left out."""
    whole = plan(grant=grant, at=at)
    return [*_about_me(whole), *_of_record(whole.known), *_goals(whole)]


def usual(known: Collection[Known], *, is_charity: bool) -> list[str]:
    """Which of these are ticked before anybody chooses: the least, for a charity; what is sensitive, for nobody."""
    kinds = FOR_CHARITIES if is_charity else FOR_TEAMS
    return [one.key for one in known if one.kind in kinds and one.data_class not in CLOSEST]


def _about_me(whole: WholePlan) -> Iterator[Known]:
    for line in whole.about_me:
        if line.part is not None:
            words = f"{line.heading}: {line.part.content.words}"
            yield Known(
                key=f"about.{line.code}",
                kind=FactKind.ABOUT_ME,
                words=words,
                source=f"their plan ({line.part.by})",
                on=_day(line.part.at),
                data_class=DataClass.PLAN,
            )
        elif line.sent is not None and line.sent.remark is None:
            yield Known(
                key=f"about.{line.code}",
                kind=FactKind.ABOUT_ME,
                words=f"{line.heading}: {line.sent.words}",
                source=line.sent.sender.short,
                on=_day(line.sent.sender.at),
                data_class=line.sent.data_class,
            )


def _of_record(known: Summary) -> Iterator[Known]:
    panels: dict[FactKind, Panel] = {
        FactKind.ACCESS: known.communication,
        FactKind.RISKS: known.risks,
        FactKind.ALLERGIES: known.allergies,
        FactKind.CARERS: known.contacts,
        FactKind.DECISIONS: known.decisions,
        FactKind.PROBLEMS: known.problems,
        FactKind.MEDICINES: known.medicines,
    }
    for kind, panel in panels.items():
        seen: set[str] = set()
        for fact in panel.facts:
            one = _fact(kind, fact)
            if one is not None and one.key not in seen:
                seen.add(one.key)
                yield one


def _fact(kind: FactKind, fact: Fact) -> Known | None:
    if fact.struck or fact.not_hers or fact.is_future:
        return None
    sender = fact.senders[0] if fact.senders else None
    words = ": ".join(filter(None, [fact.title, fact.value]))
    return Known(
        key=f"{kind.name.lower()}.{fact.id}",
        kind=kind,
        words=", ".join(filter(None, [words, fact.happened_text])),
        source=sender.short if sender else "",
        on=_day(sender.at) if sender else None,
        data_class=fact.data_class,
    )


def _goals(whole: WholePlan) -> Iterator[Known]:
    for one in whole.goals:
        if one.state in ("working", "partly"):
            yield Known(
                key=f"goal.{one.id}",
                kind=FactKind.GOALS,
                words=one.content.words,
                source=f"their plan ({one.by})",
                on=_day(one.at),
                data_class=DataClass.PLAN,
            )


def _day(at: datetime | None) -> date | None:
    return at.astimezone(LONDON).date() if at else None
