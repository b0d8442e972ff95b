"""Lists of codes by name, as code_lists.toml has them, put where a rule names them: `@dementia.snomed`."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from locality.base import Refused

FILE = Path(__file__).parents[1] / "code_lists.toml"
LISTS: dict[str, dict[str, list[str]]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
NAMED = re.compile(r"@([a-z_]+)\.(snomed|icd10)\b")


def in_sql(words: str) -> str:
    """SQL with each list that it names written out: 'a', 'b'. Refused for a name that there is not."""
    return NAMED.sub(lambda named: ", ".join(f"'{code}'" for code in _codes(named[0])), words)


def in_line(line: Any) -> Any:
    """A line of a cohort or a segment with each list that it names among its values."""
    if isinstance(line, dict):
        return {word: in_line(value) for word, value in line.items()}
    if isinstance(line, Sequence) and not isinstance(line, str):
        return [one for value in line for one in (_codes(value) if _names_one(value) else [in_line(value)])]
    return line


def _names_one(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("@")


def _codes(name: str) -> list[str]:
    listed, _, system = name.removeprefix("@").partition(".")
    if system not in LISTS.get(listed, {}):
        raise Refused(f"There is no list of codes {name}: code_lists.toml has {', '.join(LISTS)}.")
    return LISTS[listed][system]
