"""Cohorts: who is meant, as a small file that can be read aloud, and the same as one condition of SQL.

    code = "falls-at-home"
    version = 2
    says = "People of 65 and over who fell in the last year and live at home"
    who = [
        { age_from = 65 },
        { event = ["fall"], within_days = 365, at_least = 2 },
        { any = [{ condition = ["84114007"] }, { diagnosis = ["I50"] }, { condition_words = ["heart failure"] }] },
        { not = { care_home = true } },
    ]

Each line of `who` must hold; `any`, `all` and `not` put lines together. Only the living are meant, unless
`also_dead = true`. The SQL is of the subset that DuckDB and Spark share.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from locality.base import Refused
from locality.methods.scores.catalogue import OF_ICD10
from locality.population.rules.code_lists import in_line

FORMS = {
    "age_from": int, "age_before": int, "sex": list, "practice": list, "small_area": list, "ward": list,
    "neighbourhood": list, "deprivation_to": int, "care_home": bool, "carer": bool, "condition": list,
    "condition_words": list, "diagnosis": list, "event": list, "contact_words": list, "medicines_at_least": int,
    "medicine_words": list, "measurement": list, "social_care": list, "score": str, "any": list, "all": list,
    "not": dict,
}  # fmt: skip
# what else a line may say, beside the word that makes it
BESIDE = {
    "diagnosis": {"within_days", "at_least"},
    "event": {"within_days", "at_least"},
    "contact_words": {"within_days", "at_least"},
    "measurement": {"value_from", "value_below", "within_days"},
    "social_care": {"within_days"},
    "condition": {"also_past"},
    "condition_words": {"also_past"},
    "score": {"value_from", "value_below"},
}
SCORES = tuple(one.name for one in OF_ICD10)
COLUMNS = ("sex", "practice", "small_area", "ward", "neighbourhood")


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who is meant, in words and as lines."""

    code: str
    version: int
    says: str
    who: tuple[dict[str, Any], ...]
    also_dead: bool = False


def read_cohort(text: str, *, name: str = "the cohort") -> Cohort:
    """Read a cohort's file; Refused, saying what is wrong, for one that cannot be meant."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Refused(f"{name} is not TOML: {fault}.") from fault
    missing = [word for word in ("code", "version", "says", "who") if word not in told]
    if missing:
        raise Refused(f"{name} does not say {', '.join(missing)}.")
    if unknown := told.keys() - {"code", "version", "says", "who", "also_dead"}:
        raise Refused(f"{name} says {', '.join(sorted(unknown))}, which means nothing here.")
    who = in_line(told["who"])
    for line in who:
        check_line(line, name=name)
    return Cohort(told["code"], told["version"], told["says"], tuple(who), told.get("also_dead", False))


def check_line(line: Any, *, name: str) -> None:
    """Refuse a line that cannot be read: an unknown word, two meanings in one line, a value of another form."""
    if not isinstance(line, dict):
        raise Refused(f"{name}: {line!r} is not a line: write it in braces.")
    words = line.keys() & FORMS.keys()
    if len(words) != 1:
        raise Refused(f"{name}: a line says one thing, and {line} says {', '.join(sorted(words)) or 'nothing known'}.")
    word = words.pop()
    if unknown := line.keys() - {word} - BESIDE.get(word, set()):
        raise Refused(f"{name}: {', '.join(sorted(unknown))} means nothing beside {word}.")
    value = line[word]
    if not isinstance(value, FORMS[word]) or isinstance(value, bool) != (FORMS[word] is bool):
        raise Refused(f"{name}: {word} = {value!r} is not {WORDED[FORMS[word]]}.")
    if word == "score" and value not in SCORES:
        raise Refused(f"{name}: there is no score {value!r}. The copy has {', '.join(SCORES)}.")
    inner: list[Any] = line[word] if word in ("any", "all") else [value] if word == "not" else []
    for one in inner:
        check_line(one, name=name)


WORDED = {int: "a whole number", list: "a list", bool: "true or false", str: "a name", dict: "a line in braces"}


@dataclass(slots=True)
class Asked:
    """A condition on `people` in SQL, and the values it names."""

    on: date
    values: dict[str, Any] = field(default_factory=dict)

    def value(self, one: Any) -> str:
        """Keep a value, and return how SQL names it."""
        name = f"v{len(self.values)}"
        self.values[name] = one
        return f"${name}"

    def listed(self, values: list[Any]) -> str:
        return "(" + ", ".join(self.value(one) for one in values) + ")"


SAID = {
    "age_from": "{} or older", "age_before": "younger than {}", "deprivation_to": "in the {} most deprived tenths",
    "medicines_at_least": "takes {} medicines or more",
}  # fmt: skip
NAMED = {
    "condition": "has a problem with the code", "condition_words": "has a problem that says",
    "diagnosis": "was diagnosed with ICD-10", "event": "had", "contact_words": "was seen by",
    "medicine_words": "takes", "measurement": "was measured for", "social_care": "has",
}  # fmt: skip
FLAGS = {"care_home": "lives in a care home", "carer": "is known to look after somebody"}


def said(line: Mapping[str, Any]) -> str:
    """One line in words, as it is read aloud."""
    word = next(one for one in line if one in FORMS)
    value = line[word]
    if word in ("any", "all"):
        return (" or " if word == "any" else " and ").join(f"({said(one)})" for one in value)
    if word == "not":
        return f"not: {said(value)}"
    if word in FLAGS:
        return FLAGS[word] if value else f"not: {FLAGS[word]}"
    if word in SAID:
        return SAID[word].format(value)
    if word == "score":
        return f"scores {_range(line)} by {value}"
    first = f"{NAMED.get(word, word.replace('_', ' '))} {' or '.join(str(one) for one in value)}"
    return " ".join(part for part in (first, _range(line), *_often(line)) if part)


def _range(line: Mapping[str, Any]) -> str:
    told = [f"{line['value_from']} or more"] if "value_from" in line else []
    return " and ".join([*told, f"below {line['value_below']}"] if "value_below" in line else told)


def _often(line: Mapping[str, Any]) -> list[str]:
    told = [f"{line['at_least']} times or more"] if "at_least" in line else []
    told += [f"within {line['within_days']} days"] if "within_days" in line else []
    return [*told, *(["now or before"] if line.get("also_past") else [])]


def condition(cohort: Cohort, *, on: date) -> tuple[str, Mapping[str, Any]]:
    """The cohort as one condition on `people` as of a day, and the values it names."""
    asked = Asked(on)
    lines = [line_condition(one, asked) for one in cohort.who]
    if not cohort.also_dead:
        lines.append("not people.died")
    return " and ".join(f"({one})" for one in lines) or "true", asked.values


def line_condition(line: Mapping[str, Any], asked: Asked) -> str:
    """One line as a condition of SQL."""
    word = next(one for one in line if one in FORMS)
    return LINES[word](line, asked)


def _together(how: str) -> Callable[[Mapping[str, Any], Asked], str]:
    def made(line: Mapping[str, Any], asked: Asked) -> str:
        inner = line["any"] if how == "or" else line["all"]
        return f" {how} ".join(f"({line_condition(one, asked)})" for one in inner) or (
            "false" if how == "or" else "true"
        )

    return made


def _not(line: Mapping[str, Any], asked: Asked) -> str:
    # what nobody knows is not so
    return f"not coalesce({line_condition(line['not'], asked)}, false)"


def birthday(on: date, *, years: int) -> date:
    """The first day of the month in which whoever is so old today was born at the latest: ages go by whole months."""
    return date(on.year - years, on.month, 1)


def _age(line: Mapping[str, Any], asked: Asked) -> str:
    if "age_from" in line:
        return f"people.birth_month <= {asked.value(birthday(asked.on, years=line['age_from']))}"
    return f"people.birth_month > {asked.value(birthday(asked.on, years=line['age_before']))}"


def _column(line: Mapping[str, Any], asked: Asked) -> str:
    word = next(one for one in COLUMNS if one in line)
    return f"people.{word} in {asked.listed(line[word])}"


def _deprived(line: Mapping[str, Any], asked: Asked) -> str:
    return f"people.deprivation <= {asked.value(line['deprivation_to'])}"


def _flag(line: Mapping[str, Any], asked: Asked) -> str:
    word = "care_home" if "care_home" in line else "carer"
    return f"people.{word} = {asked.value(line[word])}"


def _counted(table: str, where: str, line: Mapping[str, Any], asked: Asked, *, day: str, what: str = "*") -> str:
    """Whoever has at least so many rows, on days up to the one asked for, and within so many days before it."""
    until = asked.on + timedelta(days=1)
    span = f"{day} < {asked.value(until)}"
    if "within_days" in line:
        span += f" and {day} >= {asked.value(asked.on - timedelta(days=line['within_days']))}"
    least = asked.value(line.get("at_least", 1))
    return (
        f"people.person in (select person from {table} where ({where}) and {span}"
        f" group by person having count({what}) >= {least})"
    )


def _any_of(column: str, words: list[str], asked: Asked, *, begins: bool = False) -> str:
    pattern = "{}%" if begins else "%{}%"
    told = [f"lower({column}) like {asked.value(pattern.format(word.lower()))}" for word in words]
    return " or ".join(told) or "false"


def _condition(line: Mapping[str, Any], asked: Asked) -> str:
    if "condition" in line:
        where = f"code in {asked.listed(line['condition'])}"
    else:
        where = _any_of("said", line["condition_words"], asked)
    current = "" if line.get("also_past") else " and is_current"
    return f"people.person in (select person from conditions where ({where}){current})"


def _diagnosis(line: Mapping[str, Any], asked: Asked) -> str:
    where = _any_of("code", line["diagnosis"], asked, begins=True)
    return _counted("diagnoses", where, line, asked, day="on_day", what="distinct on_day")


def _event(line: Mapping[str, Any], asked: Asked) -> str:
    return _counted("events", f"kind in {asked.listed(line['event'])}", line, asked, day="started_on")


def _contact(line: Mapping[str, Any], asked: Asked) -> str:
    where = f"happened and ({_any_of('kind', line['contact_words'], asked)})"
    return _counted("contacts", where, line, asked, day="on_day")


def _medicines(line: Mapping[str, Any], asked: Asked) -> str:
    if "medicine_words" in line:
        where = _any_of("said", line["medicine_words"], asked)
        return f"people.person in (select person from medicines where is_current and ({where}))"
    least = asked.value(line["medicines_at_least"])
    return (
        "people.person in (select person from medicines where is_current group by person"
        f" having count(distinct coalesce(code, lower(said))) >= {least})"
    )


def _between(column: str, line: Mapping[str, Any], asked: Asked) -> str:
    told = []
    if "value_from" in line:
        told.append(f"{column} >= {asked.value(float(line['value_from']))}")
    if "value_below" in line:
        told.append(f"{column} < {asked.value(float(line['value_below']))}")
    return " and ".join(told) or "true"


def _measurement(line: Mapping[str, Any], asked: Asked) -> str:
    """By the latest measurement of these codes or words alone; of several on one day, the highest."""
    codes, words = asked.listed(line["measurement"]), asked.listed([one.lower() for one in line["measurement"]])
    until = asked.value(asked.on + timedelta(days=1))
    since = (
        f" and on_day >= {asked.value(asked.on - timedelta(days=line['within_days']))}" if "within_days" in line else ""
    )
    return (
        "people.person in (select person from (select person, value, row_number() over (partition by person"
        " order by on_day desc, value desc) as nth from measurements where value is not null"
        f" and (code in {codes} or lower(said) in {words}) and on_day < {until}{since}) latest"
        f" where nth = 1 and {_between('value', line, asked)})"
    )


def _social(line: Mapping[str, Any], asked: Asked) -> str:
    """What goes on today; with `within_days`, what began within so many."""
    kinds = f"kind in {asked.listed(line['social_care'])}"
    if "within_days" in line:
        return _counted("social_care", kinds, line, asked, day="started_on")
    today = asked.value(asked.on)
    return (
        f"people.person in (select person from social_care where {kinds} and started_on <= {today}"
        f" and (ended_on is null or ended_on > {today}))"
    )


def _score(line: Mapping[str, Any], asked: Asked) -> str:
    """By a published score of the copy; whoever has no diagnosis with a day has none, and is not meant."""
    method = asked.value(line["score"])
    return f"people.person in (select person from scores where method = {method} and {_between('score', line, asked)})"


LINES: dict[str, Callable[[Mapping[str, Any], Asked], str]] = {
    "age_from": _age, "age_before": _age, **dict.fromkeys(COLUMNS, _column), "deprivation_to": _deprived,
    "care_home": _flag, "carer": _flag, "condition": _condition, "condition_words": _condition,
    "diagnosis": _diagnosis, "event": _event, "contact_words": _contact, "medicines_at_least": _medicines,
    "medicine_words": _medicines, "measurement": _measurement, "social_care": _social, "score": _score,
    "any": _together("or"), "all": _together("and"), "not": _not,
}  # fmt: skip
