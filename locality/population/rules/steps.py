"""The steps from lines of the record to the tables of the copy: named SQL for DuckDB, in the order of their files."""

import hashlib
from pathlib import Path

from locality.methods import scores
from locality.population.rules import columns, kinds

FOLDER = Path(__file__).parents[1] / "steps"
FILES = sorted(FOLDER.glob("*.sql"))
# other points make other scores
POINTS = sorted((Path(scores.__file__).parent / "data").glob("*.csv"))
MADE = (
    "lines", "told_events", "events_of_a_kind", "numbered", "chained", "grouped_events", "named_events", "ranks",
    "referrals", "contacts_once",
)  # fmt: skip


def statements() -> list[str]:
    """Every statement of every step, what it names in braces filled in from kinds.toml."""
    names = kinds.names()
    return [
        statement.strip()
        for path in FILES
        for statement in path.read_text(encoding="utf-8").format(**names).split(";\n")
        if statement.strip()
    ]


def digest() -> str:
    """Changes whenever the same lines would make another copy."""
    told = hashlib.sha256()
    for path in [*FILES, kinds.FILE, columns.FILE, FOLDER.parent / "views.sql", *POINTS]:
        told.update(path.read_bytes())
    return told.hexdigest()[:32]


# how the rows of a table are put together from what the steps made; the names of events are keyed here
EVENT = "substr(sha256(getvariable('salt') || person || led), 1, 32)"
SPECIAL = {
    "events": {"event": EVENT},
    "diagnoses": {"event": f"case when led is not null then {EVENT} end"},
}


def selected(table: columns.Table) -> str:
    """The columns of a table, in its order and types, from the table that the steps made."""
    special = SPECIAL.get(table.name, {})
    return ", ".join(
        f'cast({special.get(one.name, chr(34) + one.name + chr(34))} as {one.type}) as "{one.name}"'
        for one in table.columns
    )


# what became of the lines: each that was kept is in one row, or says again what another said
KEPT = "select count(*) from lines where reason is null"
REASONS = "select reason, count(*) from lines where reason is not null group by 1"
USED = """
select (select count(*) from copy_events where lines > 0)
    + (select count(*) from contacts_once)
    + (select count(*) from copy_conditions)
    + (select count(*) from copy_diagnoses where lines > 0)
    + (select count(*) from copy_medicines)
    + (select count(*) from copy_measurements where lines > 0)
    + (select count(*) from copy_social_care)
    + (select count(*) from referrals)
    + (select count(distinct (person, target)) from lines
        where reason is null and target in ('patient', 'consent', 'flag'))
"""
NOTED_LINES = {
    "a condition in words without a code": "target = 'condition' and code = ''",
    "a medicine in words without a code": "target = 'medicine' and code = ''",
    "a measurement in words without a code": "target = 'measurement' and code = ''",
    "words with a long number or an address of mail, left out": "has_words and words is null",
    "an end before its beginning, left out": "ends_at < happened_at",
    "a condition without a day": "target = 'condition' and happened_at is null",
    "an admission without a method: by an attendance before it": (
        "target = 'encounter' and visit_kind = 'admission' and method is null"
    ),
}
NOTED_PEOPLE = {
    "registered with a practice that the pack does not hold": "practice is not null and not practice_known",
    "registered with a practice that has closed": "left_on is not null",
    "registered with no practice that anybody tells": "practice is null",
    "a postcode that is not of the place": "has_postcode and not postcode_known and not protected",
    "no postcode": "not has_postcode and not protected",
    "a protected address: no small area": "protected",
    "no date of birth": "birth_month is null",
}


def noted() -> str:
    """What stayed with something missing, counted, in one question."""
    lines = " union all ".join(
        f"select '{words}' as words, count(*) as times from lines where reason is null and {condition}"
        for words, condition in NOTED_LINES.items()
    )
    people = " union all ".join(
        f"select '{words}', count(*) from faces where is_touched and in_slice and {condition}"
        for words, condition in NOTED_PEOPLE.items()
    )
    return f"select words, times from ({lines} union all {people}) where times > 0"
