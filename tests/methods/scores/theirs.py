"""Another transcription of the published tables (comorbidipy's), and its names for our groups."""

import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "data" / "scores"
CODES = json.loads((FOLDER / "comorbidipy_codes.json").read_text())
POINTS = json.loads((FOLDER / "comorbidipy_points.json").read_text())
HFRS_POINTS = json.loads((FOLDER / "comorbidipy_hfrs.json").read_text())

CHARLSON = {
    "ami": "heart-attack",
    "chf": "heart-failure",
    "pvd": "peripheral-vascular",
    "cevd": "stroke",
    "dementia": "dementia",
    "copd": "lung",
    "rheumd": "rheumatic",
    "pud": "peptic-ulcer",
    "mld": "mild-liver",
    "diab": "diabetes",
    "diabwc": "diabetes-complicated",
    "hp": "paralysis",
    "rend": "kidney",
    "canc": "cancer",
    "msld": "severe-liver",
    "metacanc": "metastatic-cancer",
    "aids": "hiv",
}
ELIXHAUSER = {
    "chf": "heart-failure",
    "carit": "arrhythmia",
    "valv": "heart-valve",
    "pcd": "lung-circulation",
    "pvd": "peripheral-vascular",
    "hypunc": "hypertension",
    "hypc": "hypertension-complicated",
    "para": "paralysis",
    "ond": "other-neurological",
    "cpd": "lung",
    "diabunc": "diabetes",
    "diabc": "diabetes-complicated",
    "hypothy": "underactive-thyroid",
    "rf": "kidney",
    "ld": "liver",
    "pud": "peptic-ulcer",
    "aids": "hiv",
    "lymph": "lymphoma",
    "metacanc": "metastatic-cancer",
    "solidtum": "solid-tumour",
    "rheumd": "rheumatic",
    "coag": "coagulation",
    "obes": "obesity",
    "wloss": "weight-loss",
    "fed": "fluid-electrolyte",
    "blane": "blood-loss-anaemia",
    "dane": "deficiency-anaemia",
    "alcohol": "alcohol",
    "drug": "drugs",
    "psycho": "psychosis",
    "depre": "depression",
}


def pairs(table: str) -> list[tuple[str, str]]:
    """Every code of a table with our name of a group that it stands in."""
    names = ELIXHAUSER if table == "elixhauser" else CHARLSON
    return [(code, names[theirs]) for theirs, codes in CODES[table].items() for code in codes]


def groups(table: str, code: str) -> set[str]:
    """Our names of every group that a code belongs to: those of each code that it begins with."""
    return {group for begin, group in pairs(table) if code.startswith(begin)}
