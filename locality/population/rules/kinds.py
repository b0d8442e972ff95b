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
        "is_clinic": f"class in ({listed(visit['clinic_classes'])})",
        "is_home": f"class in ({listed(visit['home_classes'])})",
        "is_remote": f"class in ({listed(visit['remote_classes'])})",
        "package_kind": f"case{packages} else 'other' end",
        "is_social_request": any_word("lower(category)", KINDS["requests"]["social_care_words"]),
        "fall_codes": listed(KINDS["falls"]["snomed"]),
        "fall_icd10": listed(KINDS["falls"]["icd10"]),
        "says_carer": any_word("spoken", people["carer_words"]),
        "says_care_home": any_word("spoken", people["care_home_words"]),
        "same_minutes": str(KINDS["same_event"]["minutes"]),
    }
