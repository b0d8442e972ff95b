"""What speaks for and against two patients being one person, step by step, as the model in use weighs it."""

from dataclasses import dataclass
from uuid import UUID

from locality.methods.linkage.comparing import levels
from locality.methods.linkage.model import Step
from locality.methods.linkage.standard import standard
from locality.people.queries.linking import compared, model_in_use
from locality.people.rules import words_of

# where somebody lives and how to reach them, in the words of methods/linkage/settings.toml
PLACES = frozenset({"address", "telephone", "e-mail"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The steps in bits (log2 of the odds), first what was known beforehand; together they make the weight.

    Where an address is protected the steps about places are left out, and so is the sum, which would tell of them.
    """

    steps: tuple[Step, ...]
    weight: float | None
    probability: float | None


def evidence(first: UUID, second: UUID, *, hide_places: bool = False) -> Evidence:
    """How two patients compare as their senders' words are now: three queries at most."""
    told = {one.id: standard(words_of(one)) for one in compared([first, second])}
    model, (one, other) = model_in_use(), (told[first], told[second])
    agreed = levels(one, other)
    steps = _together(model.steps(agreed, one, other))
    if hide_places:
        return Evidence(
            steps=tuple(step for step in steps if step.comparison not in PLACES), weight=None, probability=None
        )
    weight = model.weight(agreed, one, other)
    return Evidence(steps=tuple(steps), weight=weight, probability=model.probability(weight))


def _together(steps: list[Step]) -> list[Step]:
    """One step a comparison: how rare a value is belongs to its agreeing."""
    found: list[Step] = []
    for step in steps:
        if found and found[-1].comparison == step.comparison:
            last = found.pop()
            step = Step(step.comparison, f"{last.words}, {step.words}", last.bits + step.bits)
        found.append(step)
    return found
