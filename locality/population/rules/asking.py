"""The SQL that works a measure out: its own steps between what they may read and how they are added up.

Written in the part of DuckDB's SQL that sqlglot turns into Spark's; the tests turn every measure.
"""

from datetime import date

from locality.population.rules.columns import TABLES
from locality.population.rules.groups import ETHNIC_GROUPS, FIFTHS, NOT_KNOWN
from locality.population.rules.measures import AT_RISK, COUNTED, By, Kind, Measure

MAIN = "main"
BAND = "band"

NO_KINDS = "select cast(null as varchar) as class, cast(null as varchar) as kind where false"

# steps that many measures begin with. Who is alive on the first of each month; of the dead without a day nobody knows
# until when they were
ALIVE = """
select p.person, p.birth_month, m.month as on_day
from people p cross join months m
where (p.birth_month is null or p.birth_month <= m.month) and (not p.died or p.died_on > m.month)
"""
# the first contact after each referral, by the class of its service
FIRST_CONTACTS = """
select c.person, k.class, c.kind, c.referred_on, min(c.on_day) as on_day
from contacts c join kinds k on k.kind = c.kind
where c.on_day is not null and c.referred_on is not null and c.happened
group by c.person, k.class, c.kind, c.referred_on
"""

AGES = ((0, "0 to 4"), (5, "5 to 19"), (20, "20 to 39"), (40, "40 to 64"), (65, "65 to 74"), (75, "75 to 84"))
OLDEST = "85 and over"

# numbers while rows are many: words are for the few that are told
MONTH = "(100 * extract(year from {row}.on_day) + extract(month from {row}.on_day))"
MONTH_WORDS = "substring(cast({month} as varchar), 1, 4) || '-' || substring(cast({month} as varchar), 5, 2)"
# age in five-year bands on a day, by the month of birth; 90 is 90 and over
_YEARS = (
    "(extract(year from {on}) - extract(year from {born})"
    " - case when extract(month from {on}) < extract(month from {born}) then 1 else 0 end)"
)
_BAND = "case when {born} is null then null else least(90, 5 * cast(floor({years} / 5) as integer)) end"


def question(measure: Measure, *, since: date, until: date, kinds: list[tuple[str, str]]) -> str:
    """One statement: for each way of parting, its groups with what was counted.

    Columns: base ('now' for the newest twelve months, 'before' for those before), by, part, band and banded (five-year
    band of age, of rates that are standardised), n, met, people, total, squares, median, months.
    """
    ends = [f"counted_rows as ({_rows(measure)})"]
    sets = _sets(measure)
    if measure.kind is Kind.MEAN:
        ends.append(f"parted_rows as ({_parted('counted_rows', 'r.on_day, r.met, r.value')})")
        told = _grouped(sets, _VALUES, "parted_rows")
    else:
        ends.append(f"by_month as ({_BY_MONTH})")
        ends.append(f"by_person as ({_BY_PERSON})")
        ends.append(f"parted_rows as ({_parted('by_person', 'r.n, r.met', month=False)})")
        others = [way for way in sets if str(By.MONTH) not in way]
        told = _grouped(others, _SUMS, "parted_rows") + [_BEFORE.format(figures=_SUMS, rows="by_month")]
        if len(others) < len(sets):
            told.append(_MONTHS.format(figures=_SUMS, rows="by_month"))
    return _asked(measure, ends, told, since=since, until=until, kinds=kinds)


def question_at_risk(measure: Measure, *, since: date, until: date, kinds: list[tuple[str, str]]) -> str:
    """One statement of the same columns: for each way of parting, months of people at risk. Of rates alone."""
    others = [way for way in _sets(measure) if str(By.MONTH) not in way]
    ends = [f"at_risk_months as ({_at_risk_months()})", f"at_risk_people as ({_at_risk_people()})"]
    ends.append(f"parted_rows as ({_parted('at_risk_people', 'r.months', month=False)})")
    told = _grouped(others, _LIVES, "parted_rows") + [_BEFORE.format(figures=_LIVES, rows="at_risk_months")]
    told.append(_MONTHS.format(figures=_LIVES, rows="at_risk_months"))
    return _asked(measure, ends, told, since=since, until=until, kinds=kinds)


_NONE, _NOTHING = "cast(null as bigint)", "cast(null as double)"
_VALUES = (
    "count(*) as n, sum(met) as met, count(distinct person) as people, sum(value) as total,"
    f" sum(value * value) as squares, median(value) as median, {_NONE} as months"
)
_SUMS = (
    f"sum(n) as n, sum(met) as met, count(distinct person) as people, {_NOTHING} as total,"
    f" cast(sum(n * n) as double) as squares, {_NOTHING} as median, {_NONE} as months"
)
_LIVES = (
    f"{_NONE} as n, {_NONE} as met, {_NONE} as people, {_NOTHING} as total, {_NOTHING} as squares,"
    f" {_NOTHING} as median, sum(months) as months"
)
# few rows a person are parted in the end, not every contact
_BY_MONTH = (
    "select person, case when month >= a.now_month then 'now' else 'before' end as base, band, month, n, met from ("
    "select person, band, month, count(*) as n, sum(met) as met from counted_rows group by person, band, month"
    ") g cross join asked a"
)
_BY_PERSON = (
    "select person, base, band, sum(n) as n, sum(met) as met from by_month where base = 'now'"
    " group by person, base, band"
)
_PLAIN = "cast(null as integer) as band, '' as banded"
_MONTHS = (
    f"select base, 'month' as by, {MONTH_WORDS.format(month='month')} as part, {_PLAIN}, {{figures}}"
    " from {rows} group by base, month"
)
_BEFORE = f"select base, '' as by, '' as part, {_PLAIN}, {{figures}} from {{rows}} where base = 'before' group by base"


def _asked(
    measure: Measure, ends: list[str], told: list[str], *, since: date, until: date, kinds: list[tuple[str, str]]
) -> str:
    steps = [f"{one.name} as (\n{one.sql}\n)" for one in measure.steps]
    parts = [*_given(since=since, until=until, kinds=kinds), *steps, *ends]
    return "with " + ",\n".join(parts) + "\n" + " union all ".join(told)


def _given(*, since: date, until: date, kinds: list[tuple[str, str]]) -> list[str]:
    """What the steps read: the tables without those who opted out, the months, the place's kinds of contact; and the
    steps that many measures begin with.
    """
    told = [f"people as (select * from {MAIN}.people where not opted_out)"]
    told += [
        f"{name} as (select * from {MAIN}.{name} where person in (select person from people))"
        for name, table in TABLES.items()
        if table.of_people and name != "people"
    ]
    halfway = until.replace(year=until.year - 1)
    now_month = 100 * halfway.year + halfway.month
    told.append(
        f"asked as (select date '{since}' as since, date '{until}' as until,"
        f" date '{halfway}' as now_since, {now_month} as now_month)"
    )
    listed = " union all ".join(f"select date '{one.isoformat()}' as month" for one in _months(since, until))
    told.append(f"months as ({listed})")
    pairs = " union all ".join(f"select {_text(one)} as class, {_text(other)} as kind" for one, other in kinds)
    told.append(f"kinds as ({pairs or NO_KINDS})")
    return [*told, f"alive as ({ALIVE})", f"first_contacts as ({FIRST_CONTACTS})"]


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _months(since: date, until: date) -> list[date]:
    held, month = [], since
    while month < until:
        held.append(month)
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return held


def _parts(row: str) -> dict[By, str]:
    """How each way of parting names the group of a row that is joined to its person `p`."""
    ethnic = " ".join(
        f"when p.ethnicity in ({', '.join(_text(letter) for letter in letters)}) then {_text(group)}"
        for group, letters in ETHNIC_GROUPS.items()
    )
    fifths = " ".join(f"when p.deprivation <= {2 * at} then {_text(said)}" for at, said in enumerate(FIFTHS, start=1))
    return {
        By.NEIGHBOURHOOD: f"coalesce(p.neighbourhood, {_text(NOT_KNOWN)})",
        By.DEPRIVATION: f"case {fifths} else {_text(NOT_KNOWN)} end",
        By.ETHNICITY: f"case {ethnic} else {_text(NOT_KNOWN)} end",
        By.SEX: f"coalesce(p.sex, {_text(NOT_KNOWN)})",
        By.PRACTICE: f"coalesce(p.practice, {_text(NOT_KNOWN)})",
        By.AGE: _age_words(),
        By.MONTH: MONTH_WORDS.format(month=MONTH.format(row=row)),
    }


def _age_words() -> str:
    whens = " ".join(
        f"when band < {next_from} then {_text(said)}"
        for (_, said), next_from in zip(AGES, [*(start for start, _ in AGES[1:]), 85], strict=True)
    )
    return f"case when band is null then {_text(NOT_KNOWN)} {whens} else {_text(OLDEST)} end"


def _base(on: str) -> str:
    return f"case when {on} >= a.now_since then 'now' else 'before' end"


def _banded(on: str) -> str:
    return _BAND.format(born="p.birth_month", years=_YEARS.format(on=on, born="p.birth_month"))


def _rows(measure: Measure) -> str:
    met = "c.met" if measure.kind is Kind.SHARE else "1"
    value = "cast(c.value as double)" if measure.kind is Kind.MEAN else _NOTHING
    return (
        f"select c.person, c.on_day, {met} as met, {value} as value, {_base('c.on_day')} as base,"
        f" {_banded('c.on_day')} as band, {MONTH.format(row='c')} as month"
        f" from {COUNTED} c join people p on p.person = c.person cross join asked a"
        " where c.on_day >= a.since and c.on_day < a.until"
    )


def _parted(rows: str, figures: str, *, month: bool = True) -> str:
    """Rows of people with the group that each way of parting puts them into."""
    ways = _parts("r")
    parts = ", ".join(f'{words} as "{by}"' for by, words in ways.items() if month or by is not By.MONTH)
    return f"select r.person, r.base, r.band, {figures}, {parts} from {rows} r join people p on p.person = r.person"


def _at_risk_people() -> str:
    """Months at risk by person and band of age: a row a month of everybody would be twelve times as many."""
    inner = (
        f"select c.person, {_banded('c.on_day')} as band from {AT_RISK} c join people p on p.person = c.person"
        " cross join asked a where c.on_day >= a.now_since and c.on_day < a.until"
    )
    return f"select person, 'now' as base, band, count(*) as months from ({inner}) i group by person, band"


def _at_risk_months() -> str:
    inner = (
        f"select {MONTH.format(row='c')} as month from {AT_RISK} c cross join asked a"
        " where c.on_day >= a.since and c.on_day < a.until"
    )
    base = "case when month >= a.now_month then 'now' else 'before' end"
    held = f"select month, count(*) as months from ({inner}) i group by month"
    return f"select {base} as base, month, months from ({held}) g cross join asked a"


def _sets(measure: Measure) -> list[tuple[str, ...]]:
    """What is grouped by together: each way of parting alone, and with bands of age where rates are standardised."""
    ways: list[tuple[str, ...]] = [(), *((str(by),) for by in measure.by)]
    if measure.standardised:
        ways += [(*way, BAND) for way in ways if not {By.MONTH, By.AGE} & set(way)]
    return ways


def _grouped(sets: list[tuple[str, ...]], columns: str, source: str) -> list[str]:
    """One statement for each way of parting, all of the same columns."""
    told = []
    for way in sets:
        part = next((one for one in way if one != BAND), "")
        group = f'cast("{part}" as varchar)' if part else "''"
        band = BAND if BAND in way else "cast(null as integer)"
        by = ", ".join(["base", *(f'"{one}"' for one in way)])
        # of the twelve months before only the months are told
        where = "" if part in ("", str(By.MONTH)) else " where base = 'now'"
        told.append(
            f"select base, '{part}' as by, {group} as part, {band} as band, '{BAND if BAND in way else ''}' as banded,"
            f" {columns} from {source}{where} group by {by}"
        )
    return told
