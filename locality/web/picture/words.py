"""What the figures of a picture say, in words."""

from collections.abc import Sequence

from locality.methods.funnel import Place
from locality.population.rules.comparing import Compared
from locality.population.rules.picture import AGE, ETHNICITY
from locality.web.picture.charts import Chart, Spot, chart
from locality.web.picture.lines import Apart, Line, Real

KEPT = "kept back"
COMPARED = {
    Place.FAR_HIGH: "Higher",
    Place.HIGH: "Perhaps higher",
    Place.WITHIN: "As chance allows",
    Place.LOW: "Perhaps lower",
    Place.FAR_LOW: "Lower",
}
MOST_SAID = 3


def share(one: Compared | Real | None) -> str:
    """`12.3%`, or that it is kept back."""
    return KEPT if one is None or one.share is None else percent(one.share)


def percent(value: float) -> str:
    """A percentage, to a tenth."""
    return f"{value:.1f}%"


def around(one: Compared | Real | None) -> str:
    """`10.5 to 14.2`."""
    if one is None or one.low is None or one.high is None:
        return ""
    return f"{one.low:.1f} to {one.high:.1f}"


def of(one: Compared | Real) -> str:
    """`120 of 980`."""
    return f"{one.count:,} of {one.of:,}" if one.count is not None else KEPT


def compared(one: Compared) -> str:
    """How it lies beside the whole place."""
    return COMPARED[one.place] if one.place is not None else ""


def differs(one: Compared) -> bool:
    """Whether there is something to say of it."""
    return one.place is not None and one.place is not Place.WITHIN


def is_far(one: Compared) -> bool:
    """Whether it is to be marked."""
    return one.place in (Place.FAR_HIGH, Place.FAR_LOW)


def inside(line: Line) -> str:
    """The name of a group as it stands inside a sentence: `heart failure`, `75 to 84 years`, but `Asian`."""
    if line.way == AGE:
        return f"{line.name} years"
    return line.name if line.way == ETHNICITY else line.name[:1].lower() + line.name[1:]


def apart(one: Apart) -> str:
    """`More: heart failure`."""
    return f"{'More' if one.times > 1 else 'Fewer'}: {inside(one.line)}"


def shares(one: Apart) -> str:
    """`2.4%, and 1.6% in the whole place`."""
    return f"{share(one.here)}, and {share(one.line.whole)} in the whole place"


def answer(found: Sequence[Apart], names: dict[str, str]) -> str:
    """What sets the neighbourhoods apart, in a sentence."""
    if not found:
        return "No neighbourhood differs from the whole place by more than chance would do"
    return "; ".join(
        f"{names[one.neighbourhood]}: {inside(one.line)} {share(one.here)}, {share(one.line.whole)} in the whole place"
        for one in found[:MOST_SAID]
    )


def spot(words: str, one: Compared, whole: Compared | None) -> Spot:
    """One figure to draw."""
    value = f"{share(one)} ({around(one)})" if one.share is not None else KEPT
    return Spot(words, one.share, one.low, one.high, value, whole.share if whole else None, one.place)


def by_neighbourhood(line: Line, names: dict[str, str]) -> Chart | None:
    """One group: every neighbourhood beside the whole place."""
    return chart([spot(name, line.of[code], line.whole) for code, name in names.items()])


def of_one(found: Sequence[Line], code: str) -> Chart | None:
    """One neighbourhood: every group beside the whole place."""
    return chart([spot(line.name, line.of[code], line.whole) for line in found])
