"""Learning a model from the table at hand, without labels and reproducibly, through Splink.

u from random pairs, m by expectation maximisation over pairs that agree on something else (Winkler 1988); both lean
towards the settings where little was seen. Random pairs are now and then one person's: u is freed of them.
"""

import math
from typing import TYPE_CHECKING, Any

from locality.methods.linkage.model import Model
from locality.methods.linkage.pairing import linker_of, with_terms
from locality.methods.linkage.settings import NOTHING, Settings
from locality.methods.linkage.splinking import quietly, splink_settings
from locality.methods.linkage.standardising import ROWS, standardise
from locality.methods.table_files import quoted

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

SEED = 1
PAIRS = 2_000_000  # random pairs for u, and the most pairs of one session
# what nobody here has got wrong yet, somebody will: no level's m falls below this part of what the settings say
LEAST = 0.2
LEAN = 3  # what the settings say of a level counts as much as having seen it so often
FEWEST = 200  # pairs that a session needs
VARIES = 20  # what is usual of spelling counts, for one sound, as much as so many pairs of it
COUNTED = 0.9  # of pairs of one person, those that the sure rules are taken to count
FIGURES = 6
TERMS = 20_000  # of one column, the most frequent


def train(
    engine: "Engine",
    table: str,
    *,
    by: Settings,
    id: str = "id",
    on: str = "",
    source: str = "",
    sample: int = PAIRS,
) -> Model:
    """Learn a model from a table of words by field (as `pairing.pairs` takes it).

    `on` is the day and `source` the words that the model will say it was trained on; `sample` how many random pairs
    to look at. The same table gives the same model.
    """
    rows = standardise(engine, table, by=by, id=id)
    return train_on_rows(engine, by=by, rows=rows, on=on, source=source, sample=sample)


def train_on_rows(
    engine: "Engine", *, by: Settings, rows: int, on: str = "", source: str = "", sample: int = PAIRS
) -> Model:
    """As `train`, of a table already made comparable by `standardising.standardise`."""
    start = Model.untrained(by)
    prior = _prior(engine, by, rows)
    if rows < 2 or not (sessions := _sessions(engine, by)):
        return _finished(start, start.m, start.u, prior, _terms(engine, by), rows, on, source)
    with_terms(engine, start)
    with quietly():
        linker = _taught(engine, start, prior, [columns for columns, _ in sessions], sample)
    seen = {
        one.name: max((many for columns, many in sessions if not {*columns} & {*one.columns}), default=0)
        for one in by.comparisons
    }
    learned = linker.misc.save_model_to_json()["comparisons"]
    m, u = _leaning(by, learned, start, seen, prior, min(sample, rows * (rows - 1) // 2))
    return _finished(start, m, u, prior, _terms(engine, by), rows, on, source)


def _taught(engine: "Engine", start: Model, prior: float, sessions: list[tuple[str, ...]], sample: int) -> Any:
    said = splink_settings(start) | {"probability_two_random_records_match": prior}
    linker = linker_of(engine, "linkage_compared", said)
    linker.training.estimate_u_using_random_sampling(max_pairs=sample, seed=SEED)
    for columns in sessions:
        linker.training.estimate_parameters_using_expectation_maximisation(
            _rule(columns), estimate_without_term_frequencies=True, max_pairs=sample
        )
    return linker


def _rule(columns: tuple[str, ...]) -> str:
    return " and ".join(f"l.{quoted(one)} = r.{quoted(one)}" for one in columns)


def _agreeing(engine: "Engine", columns: tuple[str, ...]) -> int:
    """How many pairs agree on all of these columns."""
    names = ", ".join(quoted(one) for one in columns)
    known = " and ".join(f"{quoted(one)} is not null" for one in columns)
    groups = f"select count(*) as many from {ROWS} where {known} group by {names}"  # noqa: S608 -- only our own names
    sql = f"select coalesce(sum(many * (many - 1) // 2), 0) from ({groups})"  # noqa: S608
    return int(engine.execute(sql).fetchall()[0][0])


def _known(by: Settings, rules: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    return [one for one in rules if {*one} <= {*by.columns}]


def _sessions(engine: "Engine", by: Settings) -> list[tuple[tuple[str, ...], int]]:
    """What to train on, with how many pairs; where nothing usual is there, each column that agrees seldom enough."""
    found = [(one, _agreeing(engine, one)) for one in _known(by, by.sessions)]
    enough = [one for one in found if one[1] >= FEWEST]
    if len(enough) > 1:
        return enough
    single = [(level.terms,) for one in by.comparisons for level in one.levels if level.name == "same" and level.terms]
    more = sorted(((one, _agreeing(engine, one)) for one in single), key=lambda one: (one[1], one[0]))
    return enough + [one for one in more if FEWEST <= one[1] <= PAIRS][: 3 - len(enough)]


def _prior(engine: "Engine", by: Settings, rows: int) -> float:
    """That two random rows are one person's, from how many pairs agree on all that makes sure."""
    known = _known(by, by.sure)
    every = rows * (rows - 1) / 2
    if not known or every < 1:
        return by.prior
    least = 1 / max(every, 1 / by.prior)
    return min(0.1, max(least, max(_agreeing(engine, one) for one in known) / COUNTED / every))


Learned = dict[str, dict[int, float]]


def _leaning(
    by: Settings, learned: list[dict[str, Any]], start: Model, seen: dict[str, int], prior: float, drawn: int
) -> tuple[Learned, Learned]:
    m: Learned = {}
    u: Learned = {}
    for one, found in zip(by.comparisons, learned, strict=True):
        levels = [
            (level.value, said)
            for level, said in zip(one.levels, found["comparison_levels"], strict=True)
            if level.value != NOTHING
        ]
        m[one.name] = _leant(
            {value: said.get("m_probability") or 0.0 for value, said in levels},
            start.m[one.name],
            seen[one.name],
            least=LEAST,
        )
        random = {value: said.get("u_probability") or 0.0 for value, said in levels}
        of_two = {
            value: max(0.0, (share - prior * m[one.name][value]) / (1 - prior)) for value, share in random.items()
        }
        u[one.name] = _leant(of_two, start.u[one.name], drawn)
    return m, u


def _leant(seen: dict[int, float], said: dict[int, float], many: int, *, least: float = 0.0) -> dict[int, float]:
    """Shares seen among so many, leaning towards what was said of each; they sum to one."""
    leant = {value: (many * seen[value] + LEAN) / (many + LEAN / said[value]) for value in said}
    leant = {value: max(share, least * said[value]) for value, share in leant.items()}
    total = math.fsum(leant.values())
    return {value: share / total for value, share in leant.items()}


def _terms(engine: "Engine", by: Settings) -> dict[str, dict[str, float]]:
    """How frequent each value is of those columns whose rarity counts; the rare are left to count as rare."""
    found = {}
    for column in by.terms:
        name = quoted(column)
        rows = engine.execute(
            f"""
                select {name}, count(*) / (select count({name}) from {ROWS}) as share from {ROWS}
                where {name} is not null group by 1 having share > {by.rare}
                order by 2 desc, 1 limit {TERMS}
            """  # noqa: S608 -- only our own names and numbers
        ).fetchall()
        times = _spelt_otherwise(engine, by, column)
        found[column] = {term: _round(share / times.get(term, 1.0)) for term, share in rows}
    return found


def _spelt_otherwise(engine: "Engine", by: Settings, column: str) -> dict[str, float]:
    """Of a column of sounds, by how much oftener than usual one person's name of each sound is spelt in two ways.

    A level's m is one share for all names, and two spellings of one name weigh m over how frequent the sound is: where
    m is so many times the usual, the sound counts as so many times rarer. Counted between rows that are surely one
    person's; never less than usual, so that nobody loses by it.
    """
    spelt = dict(by.varying).get(column)
    sure = next(iter(_known(by, by.sure[:1])), None)
    if spelt is None or sure is None:
        return {}
    columns = ", ".join(quoted(one) for one in sure)
    sound, name = quoted(column), quoted(spelt)
    told = " and ".join(f"{quoted(one)} is not null" for one in (*sure, column, spelt))
    rows = engine.execute(
        f"""
            with spelling as (
                select {columns}, {sound} as sound, count(*) as many from {ROWS} where {told}
                group by {columns}, {sound}, {name}
            ), person as (
                select sound, sum(many) as every, sum(many * (many - 1) // 2) as alike from spelling
                group by {columns}, sound
            )
            select sound, sum(every * (every - 1) // 2)::bigint, sum(alike)::bigint from person
            group by sound order by sound
        """  # noqa: S608 -- only our own names, quoted
    ).fetchall()
    pairs = sum(row[1] for row in rows)
    usual = (pairs - sum(row[2] for row in rows)) / pairs if pairs else 0.0
    if pairs < FEWEST or not usual:
        return {}
    return {
        sound: max(1.0, (every - alike + VARIES * usual) / (every + VARIES) / usual) for sound, every, alike in rows
    }


def _finished(
    start: Model, m: Learned, u: Learned, prior: float, terms: dict, rows: int, on: str, source: str
) -> Model:
    def rounded(of: Learned) -> Learned:
        return {name: {value: _round(share) for value, share in found.items()} for name, found in of.items()}

    return Model(start.settings, rounded(m), rounded(u), terms, _round(prior), rows, on, source)


def _round(share: float) -> float:
    return float(f"{share:.{FIGURES}g}")
