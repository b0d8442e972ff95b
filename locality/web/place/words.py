"""Spans, kinds, figures and opening hours of the place, as people read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from locality.directory.rules import CLOSED, WEEKDAYS, OrganisationKind, SiteKind
from locality.record.headlines.other import type_words
from locality.record.queries.freshness import due_words
from locality.web.words import short_day

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MILLION = 100_000_000  # in pence

KINDS = {
    OrganisationKind.PRACTICE: ("GP practice", "GP practices"),
    OrganisationKind.PRIMARY_CARE_NETWORK: ("Primary care network", "Primary care networks"),
    OrganisationKind.GP_FEDERATION: ("GP federation", "GP federations"),
    OrganisationKind.PHARMACY: ("Pharmacy", "Pharmacies"),
    OrganisationKind.TRUST: ("NHS trust", "NHS trusts"),
    OrganisationKind.COUNCIL: ("Council", "Councils"),
    OrganisationKind.AMBULANCE: ("Ambulance service", "Ambulance services"),
    OrganisationKind.OUT_OF_HOURS: ("Out-of-hours service", "Out-of-hours services"),
    OrganisationKind.COMMISSIONER: ("Commissioner", "Commissioners"),
    OrganisationKind.PARTNERSHIP: ("Partnership", "Partnerships"),
    OrganisationKind.BOARD: ("Board or committee", "Boards and committees"),
    OrganisationKind.VOLUNTARY: ("Voluntary organisation", "Voluntary organisations"),
    OrganisationKind.CARE_PROVIDER: ("Care provider", "Care providers"),
    OrganisationKind.HOSPICE: ("Hospice", "Hospices"),
    OrganisationKind.EDUCATION: ("School or college", "Schools and colleges"),
    OrganisationKind.HOUSING: ("Housing organisation", "Housing organisations"),
    OrganisationKind.OTHER: ("Organisation of a directory", "Organisations of a directory"),
    OrganisationKind.DEMONSTRATION: ("For trying out", "For trying out"),
}
SITES = {
    SiteKind.HOSPITAL: "Hospital",
    SiteKind.HEALTH_CENTRE: "Health centre",
    SiteKind.SURGERY: "Surgery",
    SiteKind.PHARMACY: "Pharmacy",
    SiteKind.CARE_HOME: "Care home",
    SiteKind.INTERMEDIATE_CARE: "Intermediate care",
    SiteKind.COMMUNITY: "Community site",
    SiteKind.OFFICE: "Office",
    SiteKind.HUB: "Team hub",
}
# what every source sends so that the rest can be understood
SAYS_WHO = {"Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "Binary"}
# kinds of figures are the pack's own words; these few read badly as they stand
MEMBER = "member"
FIGURES = {"list": "Patients on the list", "population": "Residents", "population-65": "Residents of 65 and over"}


def number(count: int) -> str:
    """`five`, as a sentence says it; from eleven on in digits."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def numbered(count: int, one: str, many: str = "") -> str:
    """`one team`, `five teams`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def spoken(code: str) -> str:
    """A code of the pack as words: `rapid-response` is `Rapid response`."""
    words = code.replace("-", " ")
    return words[:1].upper() + words[1:]


def inside(words: str) -> str:
    """Words as they stand inside a sentence: `pharmacies`, but `GP practices`."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def role(code: str, *, it: bool) -> str:
    """As what one belongs to another: `part of`, or `part of it` on the other's page; nothing for a mere member."""
    if code == MEMBER:
        return ""
    words = inside(spoken(code))
    return f"{words} it" if it else words


def span(starts_on: date | None, ends_on: date | None, on: date) -> str:
    """`since 1 Jul 2022`, `1 Apr 2019 to 30 Jun 2022`: the last day is the one before it ends; empty when not known."""
    last = ends_on - timedelta(days=1) if ends_on else None
    if starts_on and last:
        return f"{short_day(starts_on)} to {short_day(last)}"
    if starts_on:
        return f"{'since' if starts_on <= on else 'from'} {short_day(starts_on)}"
    return f"until {short_day(last)}" if last else ""


def over(rows: Iterable[Any], on: date) -> list[Any]:
    """What no longer holds on a day."""
    return [row for row in rows if row.ends_on and row.ends_on <= on]


def not_over(rows: Iterable[Any], on: date) -> list[Any]:
    """What holds on a day, or will."""
    return [row for row in rows if not row.ends_on or row.ends_on > on]


def figure(value: Decimal, unit: str) -> str:
    """`193,851 people`, `£19.2 million`, `rank 90`."""
    if unit == "pence":
        return pounds(int(value))
    if unit in ("rank", "decile"):
        return f"{'Rank' if unit == 'rank' else 'Tenth'} {value:,.0f}"
    amount = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.1f}"
    return f"{amount} {unit}"


def pounds(pence: int) -> str:
    """Pence as people say large sums: `£19.2 million`; smaller ones to the pound."""
    if abs(pence) < MILLION:
        return f"£{pence / 100:,.0f}"
    return f"£{Decimal(pence) / MILLION:,.3f}".rstrip("0").rstrip(".") + " million"


@dataclass(frozen=True, slots=True)
class Published:
    """Figures of one kind, each as it was published: none is made to agree with another."""

    words: str
    figures: Sequence[Any]


def side_by_side(figures: Iterable[Any]) -> list[Published]:
    """Figures (or totals: whatever has a series and a value) by kind, the kinds with the fewest first."""
    kinds: dict[str, list[Any]] = {}
    for one in figures:
        kinds.setdefault(one.series.kind, []).append(one)
    found = [Published(FIGURES.get(kind, spoken(kind)), alike) for kind, alike in kinds.items()]
    return sorted(found, key=lambda one: len(one.figures))


def week(hours: Any) -> list[tuple[str, str]]:
    """A usual week, days with the same hours together (`Mon to Fri`); days that nobody knows are left out."""
    days = [(name[:3].capitalize(), getattr(hours, name)) for name in WEEKDAYS]
    found = []
    for opening, alike in groupby(days, key=lambda one: one[1]):
        names = [name for name, _ in alike]
        if opening:
            words = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            found.append((words, "Closed" if opening == CLOSED else opening.replace("-", " to ")))
    return found


def openness(site: Any, on: date) -> str:
    """Whether people may be sent there."""
    if site.ends_on and site.ends_on <= on:
        return "Closed"
    if site.is_public:
        return "Open to the public"
    if site.kind == SiteKind.HUB:
        return "A place of work, not open to the public"
    return "Not open to the public"


def listed(words: Sequence[str]) -> str:
    """`A, B and C`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def sends(source: Any) -> str:
    """`admissions, letters and tests, due daily`: what a source sends, and how often."""
    # (without what `type_words` says of a row that has no name)
    kinds = sorted({type_words(one).split(",")[0].lower() for one in source.sends if one not in SAYS_WHO})
    return f"{listed(kinds) if kinds else 'who its people are'}, {due_words(source.every_hours)}"
