"""What sources get wrong about who somebody is. How often: `errors.toml`, or another file of its form."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from locality.base import Refused
from locality.demo.borough.people import Person
from locality.demo.borough.published import Area

USUAL = Path(__file__).parent.parent / "errors.toml"
KINDS = (
    "number_missing",
    "number_mistyped",
    "number_of_another",
    "nickname",
    "second_name_dropped",
    "names_swapped",
    "written_otherwise",
    "former_name",
    "typed_family",
    "typed_given",
    "born_mistyped",
    "born_first_of_january",
    "sex_wrong",
    "old_address",
    "postcode_missing",
    "postcode_mistyped",
    "phone_missing",
    "ethnicity_missing",
    "ethnicity_wrong",
    "baby_name",
    "written_down_twice",
)
SOURCES = ("gp", "acute", "community", "mental-health", "social-care", "out-of-hours", "persona", "vcfa", "children")
GROUPS = (
    *("white", "asian", "black", "mixed", "other"),
    *("infant", "child", "young", "old", "deprived", "home", "moved", "interpreter"),
)
NUMBER = (int, float)


@dataclass(frozen=True, slots=True)
class Errors:
    """How often each slip is made: by source, and for whom oftener."""

    rates: dict[str, dict[str, float]]
    times: dict[str, dict[str, float]]
    words: str  # the file's own text, so that two profiles are told apart

    def chances(self, source: str, groups: frozenset[str]) -> dict[str, float]:
        """The chance of each slip for a patient of one source who belongs to these groups."""
        return _chances(self, source, groups)

    def __hash__(self) -> int:
        return hash(self.words)


@lru_cache(maxsize=4096)
def _chances(errors: Errors, source: str, groups: frozenset[str]) -> dict[str, float]:
    found = {}
    for kind, rates in errors.rates.items():
        rate = rates.get(source, 0.0)
        fitting = [times for group, times in errors.times[kind].items() if group in groups]
        if rate:
            found[kind] = min(1.0, rate * max(fitting, default=1.0))
    return found


def read_errors(path: Path = USUAL) -> Errors:
    """Read a profile of errors; raise Refused, with the file and what to write instead, where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        said = tomllib.loads(text)
    except FileNotFoundError:
        raise Refused(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{path} cannot be read as TOML: {error}") from None
    _check_names(path, "kind of error", said, KINDS)
    for kind, one in said.items():
        if not isinstance(one, dict):
            raise Refused(f"{path}: {kind} must be a table: write [{kind}], and rates = {{...}} under it.")
        _check_numbers(path, f"{kind}: rates", one.get("rates", {}), SOURCES, most=1.0)
        _check_numbers(path, f"{kind}: times", one.get("times", {}), GROUPS, most=1000.0)
    return Errors(
        rates={kind: dict(one.get("rates", {})) for kind, one in said.items()},
        times={kind: dict(one.get("times", {})) for kind, one in said.items()},
        words=text,
    )


def _check_names(path: Path, what: str, said: dict, known: tuple[str, ...]) -> None:
    unknown = [name for name in said if name not in known]
    if unknown:
        raise Refused(f"{path}: {unknown[0]!r} is no {what}: write one of {', '.join(known)}.")


def _check_numbers(path: Path, where: str, said: dict, known: tuple[str, ...], *, most: float) -> None:
    if not isinstance(said, dict):
        raise Refused(f"{path}: {where} must be a table: {{ {known[0]} = 0.1 }}.")
    _check_names(path, where.partition(": ")[2].rstrip("s"), said, known)
    for name, value in said.items():
        if isinstance(value, bool) or not isinstance(value, NUMBER) or not 0 <= value <= most:
            raise Refused(f"{path}: {where}: {name} must be a number between 0 and {most:g}, and is {value!r}.")


def groups_of(person: Person, area: Area) -> frozenset[str]:
    """Which groups of errors.toml somebody belongs to."""
    household = person.household
    belongs = {
        person.group: True,
        "infant": person.age < 1,
        "child": person.age < 16,
        "young": 16 <= person.age < 35,
        "old": person.age >= 80,
        "deprived": area.quintile == 1,
        "home": household.home,
        "moved": household.moved is not None,
        "interpreter": person.interpreter,
    }
    return frozenset(name for name, so in belongs.items() if so)
