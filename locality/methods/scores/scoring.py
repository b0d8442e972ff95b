"""One person's diagnoses, scored by a published method, with its reasons."""

from collections.abc import Iterable
from datetime import date

from locality.methods.scores.method import Diagnosis, Method, Reason, Score


def score(*, method: Method, diagnoses: Iterable[Diagnosis], on: date | None = None) -> Score:
    """The score of one person, in points, and the groups and diagnoses that it comes from.

    Where `on` is given, only diagnoses with a day count: those of that day or before, and, for a method that looks back
    so many years, not older than that. A group counts once, and not at all beside its severer form.
    """
    read = [(one, method.read(one.code)) for one in diagnoses]
    unread = [(one, said.refused) for one, said in read if said.code is None]
    dated = [(one, said.code) for one, said in read if said.code is not None]
    if on:
        unread += [(one, "no date") for one, _ in dated if one.on is None]
        dated = [(one, code) for one, code in dated if one.on is not None]
    counted = [(one, code) for one, code in dated if within(method=method, day=one.on, on=on)]
    found: dict[str, list[Diagnosis]] = {}
    for one, code in counted:
        for group in method.groups_of(code):
            found.setdefault(group, []).append(one)
    reasons = tuple(_reason(method, name, found) for name in method.groups if name in found)
    units = sum(one.group.points for one in reasons if one.instead is None)
    units = units if method.lowest is None else max(units, method.lowest)
    outside = tuple(one for one, _ in dated if not within(method=method, day=one.on, on=on))
    return Score(
        method.name, units / method.units, method.band(units), reasons, method.verified, tuple(unread), outside
    )


def _reason(method: Method, name: str, found: dict[str, list[Diagnosis]]) -> Reason:
    group = method.groups[name]
    instead = method.groups[group.yields_to] if group.yields_to in found else None
    points = 0.0 if instead else group.points / method.units
    return Reason(group, points, tuple(found[name]), instead)


def within(*, method: Method, day: date | None, on: date | None) -> bool:
    """Whether a day counts for a score as of `on`: both that day and the one so many years before are in."""
    if on is None or day is None:
        return on is None
    return day <= on and (method.years is None or day >= years_before(on, method.years))


def years_before(day: date, years: int) -> date:
    """The same day so many years before; the 28th where that year has no 29 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
