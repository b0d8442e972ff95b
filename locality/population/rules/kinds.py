"""How what was sent is sorted into the kinds of the copy: kinds.toml, and the same as words of SQL."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "kinds.toml"
KINDS: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))


def listed(values: Iterable[str]) -> str:
    """Values as a list in SQL: 'a', 'b'."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def any_word(column: str, words: Iterable[str]) -> str:
    """Whether any of these words stands in a column, in SQL."""
    told = " or ".join(f"contains({column}, '{word.replace(chr(39), chr(39) * 2)}')" for word in words)
    return f"coalesce({told}, false)"


def london_day(moment: str) -> str:
    """The day of a moment in UTC by the clock in London, in SQL: DuckDB alone knows no zones.

    Summer time as it has been since 1996, from the last Sunday of March to that of October, at one o'clock UTC.
    """

    def change(month: int) -> str:
        last = f"make_date(year({moment}), {month}, 31)"
        return f"({last} - dayofweek({last})::integer + interval 1 hour)"

    summer = f"{moment} >= {change(3)} and {moment} < {change(10)}"
    return f"cast({moment} + (case when {summer} then interval 1 hour else interval 0 hour end) as date)"


def names() -> dict[str, str]:
    """The conditions that the steps name in braces, in SQL, made from kinds.toml."""
    visit, people = KINDS["encounters"], KINDS["people"]
    words = "spoken"
    packages = "".join(
        f" when {any_word('lower(words)', one['words'])} then '{one['kind']}'" for one in KINDS["package"]
    )
    return {
        "is_admission": f"class in ({listed(visit['admission_classes'])})",
        "is_attendance": f"class in ({listed(visit['attendance_classes'])})",
        # of several tellings of one event, which one says most
        "leads": "guessed, ended_at is null, ready_at is null, service is null, source, about",
        "is_emergency": f"method in ({listed(visit['emergency_methods'])})",
        "is_ambulance": any_word(words, visit["ambulance_words"]),
        "is_out_of_hours": any_word(words, visit["out_of_hours_words"]),
        "is_assessment": any_word(words, visit["assessment_words"]),
        "is_carers": any_word(words, visit["carer_words"]),
        "has_happened": f"outcome in ({listed(KINDS['contacts']['happened'])})",
        "is_clinic": f"class in ({listed(visit['clinic_classes'])})",
        "is_home": f"class in ({listed(visit['home_classes'])})",
        "is_remote": f"class in ({listed(visit['remote_classes'])})",
        "package_kind": f"case{packages} else 'other' end",
        "is_social_request": any_word("lower(category)", KINDS["requests"]["social_care_words"]),
        "fall_codes": listed(KINDS["falls"]["snomed"]),
        "fall_icd10": listed(KINDS["falls"]["icd10"]),
        "says_carer": any_word("spoken", people["carer_words"]),
        "says_care_home": any_word("spoken", people["care_home_words"]),
        # an end without a time is the first instant after its day
        "ended_day": london_day("(ended_at - interval 1 microsecond)"),
        "ready_day": f"case when length(ready_text) = 10 then cast(ready_at as date) else {london_day('ready_at')} end",
        "same_minutes": str(KINDS["same_event"]["minutes"]),
    }
