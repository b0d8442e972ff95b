"""The figures of a picture as lines of a page: each group with the whole place and every neighbourhood."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from locality.methods.funnel import Place
from locality.methods.intervals import wilson
from locality.population.queries.picture import Told
from locality.population.rules.comparing import Compared, in_neighbourhood, in_whole
from locality.population.rules.groups import NOT_KNOWN
from locality.population.rules.picture import AGE, BANDS, ETHNICITY, SEGMENT, SEX, WANTED, YES, Trait
from locality.population.rules.segments import SEGMENTS

PEOPLE, NEEDS, CONDITIONS, SERVICES = "people", "needs", "conditions", "services"
TITLES = {
    PEOPLE: "Who lives here",
    NEEDS: "What people need",
    CONDITIONS: "Conditions",
    SERVICES: "Services used",
}
FAR = (Place.FAR_HIGH, Place.FAR_LOW)
# of a rarer thing every neighbourhood differs by much, and it means little
LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Real:
    """A published share beside one of the copy: so many of so many."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return 100 * self.count / self.of


@dataclass(frozen=True, slots=True)
class Line:
    """One group: the whole place, each neighbourhood by its code, and what is published of the same."""

    way: str
    group: str
    name: str
    under: str
    whole: Compared
    of: Mapping[str, Compared]
    real_whole: Real | None = None
    real: Mapping[str, Real] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Apart:
    """What sets a neighbourhood apart: a group of which it has more or less than chance would do."""

    line: Line
    neighbourhood: str
    here: Compared
    times: float


def lines(told: Told, topic: str) -> list[Line]:
    """Every line of one topic of which the copy holds anybody."""
    return [one for one in _OF[topic](told) if not _is_nothing(one)]


def nothing(told: Told, topic: str) -> list[str]:
    """Traits that nobody has in the copy: that no source sends them is not told from that there is nobody."""
    return [one.name for one in _OF[topic](told) if _is_nothing(one)]


def _is_nothing(one: Line) -> bool:
    return one.group == YES and one.whole.count == 0


def _people(told: Told) -> Iterator[Line]:
    published = _published_ages(told)
    for band in BANDS:
        yield _line(told, AGE, band, band, "Age", published.get(band, {}))
    for way, under in ((SEX, "Sex"), (ETHNICITY, "Ethnic group")):
        for group in sorted(told.safe.whole.tables.get(way) or {}, key=lambda one: (one == NOT_KNOWN, one)):
            yield _line(told, way, group, group[:1].upper() + group[1:], under)


def _needs(told: Told) -> Iterator[Line]:
    for segment in SEGMENTS:
        yield _line(told, SEGMENT, segment.code, segment.name, "Each person in one group")
    yield from (_trait(told, one, "Beside that") for one in WANTED.of(NEEDS))


def _conditions(told: Told) -> Iterator[Line]:
    yield from (_trait(told, one, "") for one in WANTED.of(CONDITIONS))


def _services(told: Told) -> Iterator[Line]:
    yield from (_trait(told, one, "") for one in WANTED.of(SERVICES))


_OF = {PEOPLE: _people, NEEDS: _needs, CONDITIONS: _conditions, SERVICES: _services}


def _trait(told: Told, one: Trait, under: str) -> Line:
    registers = {where: held[one.register] for where, held in told.published.registers.items() if one.register in held}
    return _line(told, one.code, YES, one.name, under, registers)


def _line(
    told: Told, way: str, group: str, name: str, under: str, real: Mapping[str, tuple[int, int]] | None = None
) -> Line:
    real = real or {}
    return Line(
        way,
        group,
        name,
        under,
        in_whole(told.safe.whole, way, group),
        {code: in_neighbourhood(told.safe.whole, way, code, group) for code in told.published.names},
        _real(sum(count for count, _ in real.values()), sum(of for _, of in real.values())),
        {code: made for code, pair in real.items() if (made := _real(*pair))},
    )


def _real(count: int, of: int) -> Real | None:
    if not of:
        return None
    around = wilson(count=count, of=of)
    return Real(count, of, 100 * around.low, 100 * around.high)


def _published_ages(told: Told) -> dict[str, dict[str, tuple[int, int]]]:
    held: dict[str, dict[str, tuple[int, int]]] = {}
    for code, bands in told.published.ages.items():
        for band, people in bands.items():
            held.setdefault(band, {})[code] = (people, sum(bands.values()))
    return held


def apart(found: list[Line], *, only: str = "") -> list[Apart]:
    """What lies further from the whole than 998 in 1,000 would by chance, the furthest first, by how many times."""
    held = [
        Apart(line, code, here, here.share / line.whole.share)
        for line in found
        if line.group != NOT_KNOWN and (line.whole.share or 0) >= LEAST_SHARE
        for code, here in line.of.items()
        if here.place in FAR and here.share and line.whole.share and (not only or code == only)
    ]
    return sorted(held, key=lambda one: -max(one.times, 1 / one.times))
