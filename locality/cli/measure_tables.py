"""The printed list of measures."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from locality.cli.tables import table
from locality.directory.pack.reading import default_pack

if TYPE_CHECKING:
    from locality.population.rules.measures import Measure


def measures() -> Iterator[str]:
    """Every measure of the default pack: what it counts, whose definition it is, what was promised, and why not."""
    from locality.population.queries.measures import kinds_of_contact, why_not
    from locality.population.queries.measures import measures as known

    place = default_pack()
    held, kinds = known(place=place), kinds_of_contact(place=place)
    yield from ("# Measures", "")
    yield "How they are worked out and made safe to tell is in [measures](../measures.md)."
    yield ""
    reasons = {name: why_not(one, kinds) for name, one in held.items()}
    rows = (
        [f"`{name}`", f"**{one.name}.** {one.says}", one.unit, str(one.better), ", ".join(one.by), _source(one)]
        for name, one in held.items()
        if not reasons[name]
    )
    yield from (f"## Worked out ({sum(not reason for reason in reasons.values())})", "")
    yield from table(["measure", "what it counts", "unit", "better", "told by", "definition"], rows)
    yield from (f"## Not worked out ({sum(bool(reason) for reason in reasons.values())})", "")
    without = (
        [f"`{name}`", f"**{one.name}.** {one.says}", reasons[name]] for name, one in held.items() if reasons[name]
    )
    yield from table(["measure", "what it would count", "why not"], without)
    yield from ("## What was promised", "")
    promised: dict[tuple[str, str], list[str]] = {}
    for name, one in held.items():
        for promise in one.promises:
            promised.setdefault(promise, []).append(f"`{name}`")
    rows = ([promise, origin, ", ".join(names)] for (promise, origin), names in sorted(promised.items()))
    yield from table(["promise", "by whom", "measures"], rows)


def _source(one: "Measure") -> str:
    target = one.target
    said = f"; target: {target.says}{'' if target.verified else ' (not verified)'}" if target else ""
    return f"{one.source}{'' if one.verified else ' (not verified)'}{said}"
