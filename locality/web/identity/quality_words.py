"""What was measured of linkage, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Share = Mapping[str, Any]

# what the work was built to reach: the lower end of precision, the share reached, the ratio between groups
PRECISION, REACHED, TIMES = 0.9999, 0.98, 1.25
STATES = {"match": "Joined by the machine", "possible": "Asked about", "many": "Asked about: more than one fits"}


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure of the whole: its value, interval, what it means, and whether it is what it should be."""

    name: str
    value: str
    interval: str
    meaning: str
    aim: str = ""
    met: bool = True


def answer(figures: Mapping[str, Any] | None) -> str:
    """The page's one sentence."""
    if figures is None:
        return "How well patients are linked has not been measured here yet"
    whole = figures["overall"]
    wrong = whole["precision"]["of"] - whole["precision"]["count"]
    joined, reached = whole["recall"], whole["reached"]
    if not joined["of"]:
        return "Nobody here has two patients, so there is nothing to join"
    falsely = f"{wrong:,} of {whole['precision']['of']:,} joins are wrong" if wrong else "no join is wrong"
    return (
        f"{percent(joined)} of what belongs together is joined, {percent(reached)} with what is asked about; {falsely}"
    )


def headlines(figures: Mapping[str, Any]) -> list[Headline]:
    """The whole in four figures."""
    whole = figures["overall"]
    return [
        _headline(
            "Joined rightly (precision)",
            whole["precision"],
            f"of {whole['precision']['of']:,} pairs that the machine has joined",
            aim=PRECISION,
        ),
        _headline(
            "Joined by the machine (recall)",
            whole["recall"],
            f"of {whole['recall']['of']:,} pairs of patients that are one person's",
        ),
        _headline(
            "Joined, or asked about",
            whole["reached"],
            "of the same pairs: the rest wait for nobody, and are missed",
            aim=REACHED,
        ),
        _headline(
            "People in one piece",
            whole["whole"],
            f"of {whole['whole']['of']:,} people with two patients or more",
        ),
    ]


def _headline(name: str, one: Share, meaning: str, *, aim: float | None = None) -> Headline:
    told = f"aim: {aim:.2%}" if aim is not None else ""
    met = aim is None or (one["value"] is not None and one["value"] >= aim)
    return Headline(name, percent(one), interval(one), meaning, told, met)


def percent(one: Share) -> str:
    """`99.59%`; to as many places as it takes not to say 100% of what is less."""
    if one["value"] is None:
        return "nothing to count"
    return _percent(one["value"])


def interval(one: Share) -> str:
    """`99.54% to 99.63%`."""
    return f"{_percent(one['low'])} to {_percent(one['high'])}"


def missing(one: Share) -> str:
    """What a share leaves, with its interval: `0.41% (0.37% to 0.46%)`."""
    if one["value"] is None:
        return "nothing to count"
    return f"{_percent(1 - one['value'])} ({_percent(1 - one['high'])} to {_percent(1 - one['low'])})"


def _percent(share: float) -> str:
    if share in (0, 1):
        return f"{share:.0%}"
    for places in (2, 3, 4):
        words = f"{share:.{places}%}"
        if float(words.rstrip("%")) not in (0, 100):
            return words
    return "over 99.9999%" if share > 0.5 else "under 0.0001%"


def times(one: Mapping[str, Any], share: Share) -> str:
    """`1.2 (0.8 to 1.9)`: how much oftener than the group compared with; in words where none of a share is missed."""
    if share["count"] == share["of"]:
        return "none missed"
    if one["times"] is None:
        return "none missed there"
    high = "any" if one["high"] is None else f"{one['high']:.2f}"
    return f"{one['times']:.2f} ({one['low']:.2f} to {high})"


def uneven(one: Mapping[str, Any]) -> bool:
    """Whether a group is surely missed oftener than the aim allows."""
    return one["times"] is not None and one["low"] > TIMES


def band(one: Mapping[str, Any]) -> str:
    """`99% to 99.9%`."""
    return f"{_percent(one['from'])} to {_percent(one['to'])}"


def deciding(one: Mapping[str, Any]) -> str:
    """How many doubts were decided, and how soon."""
    decided = one["same"] + one["different"]
    if not decided:
        return "Nobody has decided a doubt yet."
    told = f"{decided:,} decided: {one['same']:,} the same person, {one['different']:,} two people"
    if one["unsure"]:
        told += f"; {one['unsure']:,} could not be told"
    if one["half_within_hours"] is None:
        return f"{told}."
    half, most = hours(one["half_within_hours"]), hours(one["nine_in_ten_within_hours"])
    return f"{told}. Half were decided within {half}, nine in ten within {most}."


def hours(count: float) -> str:
    """`40 minutes`, `5 hours`, `3 days`."""
    if count < 1:
        return f"{max(1, round(count * 60))} minutes"
    return f"{round(count)} hours" if count < 48 else f"{round(count / 24)} days"


def origin(of: str) -> str:
    """Whose word the truth is."""
    named = {"borough": "the synthetic borough, whose people are invented and known", "review": "what people decided"}
    return named.get(of, f"the labels of {of}")
