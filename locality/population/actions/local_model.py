"""Training the local model on the place's own past, judging it on a later year, and keeping it as a dated file."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from django.db import transaction

from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.methods.additive import Additive
from locality.methods.calibration import recalibration
from locality.methods.label_bias import label_bias
from locality.methods.local_model import Past, learn, together
from locality.methods.small_numbers import safe_count
from locality.population.actions.going_back import go_back
from locality.population.queries.local_model import Explained, Seen, explain, index_days, on_day, scores
from locality.population.rules.features import FEATURES
from locality.population.rules.judging import Json, biases, judged
from locality.population.rules.model_files import NAME, file_for

YEARS_A_STRATUM = 5
# by these a label is judged: what the strata hold, age and sex, is taken as it is
JUDGED_BY = ("neighbourhood", "deprivation", "ethnicity")
Tell = Callable[[str], None]


def _quiet(words: str) -> None:
    """Nobody is told."""


def train_model(
    *,
    duck: duckdb.DuckDBPyConnection,
    until: date,
    seed: int,
    synthetic: bool,
    folder: Path,
    by: Viewer,
    tell: Tell = _quiet,
) -> tuple[Additive, Path]:
    """Learn from earlier years, judge on the last that is known, keep model and figures as JSON, and write it down.

    `until` is the day up to which outcomes are known. Who objects to secondary use is neither learned from nor judged
    on, and counted; so is who has no practice here, since nobody would tell us of them. Raises Refused where the
    history is too short or holds too few outcomes.
    """
    days = index_days(duck, until=until)
    past, counts = _past(duck, days.learn, tell)
    tell("Learning")
    learned = learn(asked=FEATURES.asked, past=past, outcome=FEATURES.outcome, seed=seed)
    tell(f"Judging on the year from {days.judge}")
    last, count = _allowed(on_day(duck, on=days.judge, outcome=True))
    said = {
        "name": NAME,
        "trained_on": until.isoformat(),
        "synthetic": synthetic,
        "learned_by": _library(),
        "seed": seed,
        "features_version": FEATURES.version,
        "learned_from": counts,
        "judged_on": count,
        "judged": judged(chances=learned.chances(last.columns), happened=last.happened, groups=last.groups),
        "label_bias": [_biases(last, aspect) for aspect in JUDGED_BY],
        "renewed": [],
    }
    model = Additive(outcome=learned.outcome, base=learned.base, parts=learned.parts, said=said)
    return model, _keep(model, folder, what="local_model.trained", by=by)


def _past(duck: duckdb.DuckDBPyConnection, days: Sequence[date], tell: Tell) -> tuple[Past, list[dict[str, Any]]]:
    """What was known on each of these days with what then happened, and how many of whom it is."""
    pasts, counts = [], []
    for on in days:
        tell(f"Reading what was known on {on}")
        seen, count = _allowed(on_day(duck, on=on, outcome=True))
        pasts.append(Past(people=seen.people, columns=seen.columns, happened=seen.happened))
        counts.append(count)
    return together(pasts), counts


def renew_model(
    *, duck: duckdb.DuckDBPyConnection, model: Additive, until: date, folder: Path, by: Viewer
) -> tuple[Additive, Path]:
    """Fit an older model, or another place's, to the last year known here: as little as its outcomes ask for.

    Level, or level and spread; the order in which people stand stays. The figures are of that same year, before and
    after, so those after flatter it.
    """
    last, count = _allowed(on_day(duck, on=index_days(duck, until=until).judge, outcome=True))
    if not 0 < last.happened.sum() < len(last.happened):
        raise Refused("There are no outcomes here to fit the model to.")
    shift = recalibration(log_odds=model.log_odds(last.columns), happened=last.happened)
    moved = model.moved(intercept=shift.intercept, slope=shift.slope)
    before, after = (
        judged(chances=one.chances(last.columns), happened=last.happened, groups={})["overall"]
        for one in (model, moved)
    )
    renewal = {
        "renewed_on": until.isoformat(),
        "on": count,
        "kind": shift.kind,
        "intercept": shift.intercept,
        "slope": shift.slope,
        "before": before,
        "after": after,
    }
    said = {**model.said, "renewed": [*model.said.get("renewed", ()), renewal]}
    kept = Additive(outcome=moved.outcome, base=moved.base, parts=moved.parts, said=said)
    return kept, _keep(kept, folder, what="local_model.renewed", by=by)


def _allowed(seen: Seen) -> tuple[Seen, Json]:
    """Who may be learned from and judged on, and how many may not."""
    kept = seen.only(~seen.opted_out & ~seen.no_practice)
    return kept, {
        "on": seen.on.isoformat(),
        "here": safe_count(len(seen.people)),
        "objected": safe_count(int(seen.opted_out.sum())),
        "no_practice": safe_count(int((seen.no_practice & ~seen.opted_out).sum())),
        "people": safe_count(len(kept.people)),
        "died_within_the_year": safe_count(int(kept.died.sum())),
        "outcomes": safe_count(int(kept.happened.sum())),
    }


def _biases(seen: Seen, aspect: str) -> Json:
    """Does an admission mean as much need in each group? Practice's registers and medicines; deaths and calls."""
    steps = {
        one.name: np.searchsorted(one.cuts, np.nan_to_num(seen.columns[one.name]), side="right")
        for one in FEATURES.each
    }
    age = np.nan_to_num(seen.columns["age"]).astype(int) // YEARS_A_STRATUM
    findings = label_bias(
        label=seen.happened,
        groups=seen.groups[aspect],
        strata=age * 2 + steps["male"],
        practice=[steps["conditions"], steps["medicines"]],
        unbidden=[seen.died.astype(np.intp), steps["out_of_hours"]],
    )
    return biases(aspect, findings)


def _library() -> str:
    import sklearn

    return f"scikit-learn {sklearn.__version__}"


def _keep(model: Additive, folder: Path, *, what: str, by: Viewer) -> Path:
    told: dict[str, Any] = model.written()
    path = file_for(folder, on=day_of(by.at))
    with transaction.atomic():
        log(what=what, by=by, detail={"file": path.name, "synthetic": bool(model.said.get("synthetic"))})
        folder.mkdir(parents=True, exist_ok=True)
        # whole or not at all: whoever scores reads the newest that is there
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    return path


def score_people(
    *, duck: duckdb.DuckDBPyConnection, model: Additive, file: str, on: date, by: Viewer
) -> tuple[Seen, np.ndarray[Any, np.dtype[np.float64]]]:
    """Everybody here on a day with their chance, written down in the audit; objectors too: this is for their care."""
    seen, chances = scores(duck, model=model, on=on)
    with transaction.atomic():
        log(what="local_model.scored", by=by, detail={"file": file, "on": on.isoformat(), "people": len(chances)})
    return seen, chances


@transaction.atomic
def explain_person(
    *, duck: duckdb.DuckDBPyConnection, model: Additive, file: str, person: str, key: bytes, on: date, by: Viewer
) -> Explained:
    """One person's chance with the rows it counts, written down as looked at; NotFound for who is not in the copy."""
    found = explain(duck, model=model, person=person, on=on)
    # by the pseudonym alone nobody could see later who was looked at
    go_back(pseudonyms=[person], key=key, why=f"Their chance by {file}, with what it is made of", by=by)
    log(what="local_model.explained", by=by, detail={"file": file, "on": on.isoformat()})
    return found
