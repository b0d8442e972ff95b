"""Reduce published tables to those that the synthetic borough grows from (locality/demo/borough/tables).

    python scripts/build_borough_tables.py DATA

DATA is a folder with the published files, one folder a topic (geography, nhs_orgs, clinical, activity, economics).
What each file is, whose it is and under which licence stands in `tables/SOURCES.md`. Only counts are taken: no
names of people are in any of these files.
"""

import csv
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

OUT = Path(__file__).parent.parent / "locality" / "demo" / "borough" / "tables"
DISTRICT = "E08000002"
SUB_ICB = "00V"
ENOUGH_TO_NAME = 100  # residents on a practice's list, for a practice outside the district to be named

PREVALENCE = "england_prevalence_308_conditions_by_age_sex_ethnicity_2010.csv.gz"
# ours: the 308 conditions that it is made of; where two overlap, raking to the practice's total mends the sum
MADE_OF = {
    "diabetes": ["t1dm", "t2dm", "dm_oth"],
    "diabetes-1": ["t1dm"],
    "ckd": ["ckd"],
    "prediabetes": ["t2dm"],
    "palliative": ["malig_sec_bone", "malig_sec_liver", "malig_sec_lung", "malig_sec_ln", "malig_sec_other"],
    "af": ["af"],
    "chd": ["mi", "sa", "ua", "chd_nos"],
    "hf": ["hf"],
    "hypertension": ["htn"],
    "lvsd": ["hf"],
    "pad": ["pad"],
    "stroke": ["isch_stroke", "tia", "stroke_nos", "intracereb_haem"],
    "asthma": ["asthma"],
    "copd": ["copd"],
    "obesity": ["obesity"],
    "dementia": ["dementia"],
    "depression": ["depr"],
    "epilepsy": ["epilepsy"],
    "learning-disability": ["intell_dz"],
    "psychosis": ["schizo", "bad"],
    "osteoarthritis": ["oa"],
    "osteoporosis": ["osteoporosis"],
    "thyroid": ["thyroid"],
    "gout": ["gout"],
    "rheumatoid": ["rha"],
    "parkinsons": ["parkinsons"],
    "ms": ["ms"],
    "anxiety": ["anxiety"],
    "hearing": ["deaf"],
    "migraine": ["migraine"],
    "reflux": ["gord"],
    "psoriasis": ["psoriasis"],
    "alcohol": ["alcohol"],
    "drugs": ["substance_misuse"],
    "sight": ["macula_degen"],
    "glaucoma": ["glaucoma"],
    "autism": ["autism"],
    "prostate": ["bph"],
    "continence": ["urine_incont"],
    "anaemia": ["oth_anaemia"],
}
NOT_CANCER = {"malig_pri_skin"}  # the register of cancers leaves out skin cancers other than melanoma
BLOOD = {"malig_leukaemia", "malig_nhl", "malig_hodgkins", "malig_plasmacell"}
REGISTERS = {
    "diabetes": "DM-prevalance",
    "cancer": "CAN-prevalance",
    "ckd": "CKD-prevalance",
    "prediabetes": "NDH-prevalance",
    "palliative": "PC-prevalance",
    "af": "AF-prevalance",
    "chd": "CHD-prevalance",
    "hf": "HF-prevalance",
    "hypertension": "HYP-prevalance",
    "lvsd": "LVSD-prevalance",
    "pad": "PAD-prevalance",
    "stroke": "STIA-prevalance",
    "asthma": "AST-prevalance",
    "copd": "COPD-prevalance",
    "obesity": "OB-prevalance",
    "smoker": "SMOK-prevalance",
    "dementia": "DEM-prevalance",
    "depression": "DEP-prevalance",
    "epilepsy": "EP-prevalance",
    "learning-disability": "LD-prevalance",
    "psychosis": "MH-prevalance",
}


def rows(path: Path) -> list[dict[str, str]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


def write(name: str, head: list[str], lines: Iterable[list]) -> None:
    with (OUT / name).open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows([head, *lines])


def name_in_words(name: str) -> str:
    """A name as people write it, where the table shouts."""
    return name.title() if name.isupper() else name.replace("'S ", "'s ").replace("Gps", "GPs")


def whole(text: str) -> int:
    return round(float(text or 0))


def by_area(path: Path, column: str, areas: set[str]) -> dict[str, Counter]:
    found: dict[str, Counter] = defaultdict(Counter)
    for row in rows(path):
        if row["lsoa21_code"] in areas:
            found[row["lsoa21_code"]][row[column]] += whole(row["n"])
    return found


def write_areas(data: Path, areas: list[str], registered: Counter) -> None:
    census, every = data / "geography" / "census2021", set(areas)
    ethnic = by_area(census / "gm_ethnicity21_lsoa21.csv", "ethnic_group", every)
    religion = by_area(census / "gm_religion21_lsoa21.csv", "religion", every)
    tenure = by_area(census / "gm_household_tenure21_lsoa21.csv", "tenure", every)
    crowding = by_area(census / "gm_household_overcrowding21_lsoa21.csv", "occupancy_rating", every)
    decile = {
        row["lsoa11_code"]: whole(row["IMD_decile"])
        for row in rows(data / "geography" / "deprivation" / "gm_imd2019_england_lsoa11.csv")
    }
    homes = homes_by_area(data)
    head = ["lsoa", "registered", "quintile", "white", "asian", "black", "mixed", "other", "jewish", "households"]
    head += ["owned", "mortgaged", "social", "private", "crowded", "roomy", "homes"]
    lines = []
    for area in areas:
        groups = [sum(n for key, n in ethnic[area].items() if key.startswith(start)) for start in GROUPS]
        tenures = [sum(n for key, n in tenure[area].items() if key.startswith(some)) for some in TENURES]
        households = sum(tenures)
        crowded = sum(n for key, n in crowding[area].items() if key.startswith("-"))
        roomy = sum(n for key, n in crowding[area].items() if key.startswith("+"))
        line = [area, registered[area], (decile[area] + 1) // 2, *groups, religion[area]["Jewish"], households]
        lines.append([*line, *tenures, crowded, roomy, homes[area]])
    write("areas.csv", head, lines)


GROUPS = ("White", "Asian", "Black", "Mixed", "Other")
TENURES = (("Owned: Owns outright",), ("Owned: Owns with", "Shared"), ("Social",), ("Private", "Lives"))


def homes_by_area(data: Path) -> Counter:
    """How many care homes lie in each area; their names are not taken."""
    where = {row["postcode"]: row["lsoa21cd"] for row in rows(data / "geography" / "bury_postcodes.csv")}
    homes = rows(data / "nhs_orgs" / "gm_care_homes_cqc_apr2019.csv")
    return Counter(where[row["postcode"]] for row in homes if row["postcode"] in where)


def write_ages(data: Path, areas: list[str]) -> None:
    ages = {
        row["lsoa11_code"]: [whole(row[str(age)]) for age in range(90)] + [whole(row["90+"])]
        for row in rows(data / "geography" / "gm_lsoa11_population_mid2020_single_year_age.csv")
        if row["lsoa11_code"] in areas
    }
    write("ages.csv", ["lsoa", *(str(age) for age in range(91))], [[area, *ages[area]] for area in areas])


def write_sexes(data: Path) -> None:
    table = data / "activity" / "census2021_gm_districts" / "2021_population_by_sex_and_age_la_gm.csv"
    counts: dict[int, Counter] = defaultdict(Counter)
    for row in rows(table):
        if row["area_code"] == DISTRICT and row["age"].startswith("Aged"):
            word = row["age"].split()[1]
            counts[0 if word == "under" else int(word)][row["sex"]] += whole(row["value"])
    lines = [[age, counts[age]["Female"], counts[age]["Male"]] for age in sorted(counts)]
    write("sexes.csv", ["age", "female", "male"], lines)


def write_practices(data: Path, registered: dict[str, Counter]) -> None:
    """Practices with residents on their lists; those of the district with their published registers."""
    names = {
        row["OrganisationCode"]: row["OrganisationName"]
        for row in rows(data / "nhs_orgs" / "bury_gp_registrations_by_lsoa11.csv")
    }
    structures = rows(data / "nhs_orgs" / "gm_qof_structures_2023_2024.csv")
    names |= {row["PRACTICE_CODE"]: row["PRACTICE_NAME"] for row in structures}
    of_the_district = {row["PRACTICE_CODE"] for row in structures if row["SUB_ICB_ODS_CODE"] == SUB_ICB}
    qof = {row["OrganisationCode"]: row for row in rows(data / "nhs_orgs" / "gm_qof_prevalence_by_practice.csv")}
    lists = {row["CODE"]: row["NUMBER_OF_PATIENTS"] for row in rows(data / "nhs_orgs" / "gm_gp_list_size_2022.csv")}
    lines = []
    for code, count in sorted(registered.items()):
        ours = code in of_the_district
        if ours or sum(count.values()) >= ENOUGH_TO_NAME:
            shares = [f"{float(qof[code][column]):.5f}" if ours else "" for column in REGISTERS.values()]
            lines.append([code, name_in_words(names[code]), int(ours), lists.get(code, ""), *shares])
    write("practices.csv", ["code", "name", "ours", "list", *REGISTERS], lines)


def write_registrations(registered: dict[str, Counter], areas: list[str], named: set[str]) -> None:
    cells: dict[tuple[str, str], int] = Counter()
    for code, counts in registered.items():
        for area in areas:
            if counts[area]:
                cells[area, code if code in named else ""] += counts[area]
    lines = [[area, code, n] for (area, code), n in sorted(cells.items())]
    write("registrations.csv", ["lsoa", "practice", "patients"], lines)


def write_conditions(data: Path) -> None:
    prevalence = {
        (row["condition"], row["ethnicity"], row["sex"], row["age_band_start"]): float(row["prevalence_per_10000"])
        for row in rows(data / "clinical" / PREVALENCE)
    }
    every = {key[0] for key in prevalence}
    cancers = {name for name in every if name.startswith("malig_pri")} - NOT_CANCER
    made_of = {**MADE_OF, "cancer": sorted(cancers | BLOOD & every)}
    bands = [str(age) for age in range(0, 90, 10)]
    lines = []
    for ours, parts in sorted(made_of.items()):
        missing = [part for part in parts if part not in every]
        if missing:
            raise SystemExit(f"{ours}: {missing} is not in {PREVALENCE}")
        for ethnicity in ("white", "asian", "black", "alleth"):
            for sex in ("female", "male"):
                sums = [sum(prevalence.get((part, ethnicity, sex, band), 0) for part in parts) for band in bands]
                lines.append([ours, ethnicity, sex, *(f"{one:.1f}" for one in sums)])
    write("conditions.csv", ["condition", "ethnicity", "sex", *bands], lines)


def write_deaths(data: Path) -> None:
    tables = data / "economics" / "life_tables"
    female, male = (
        {int(row["age"]): float(row["qx"]) for row in rows(tables / name)}
        for name in ("lifetableF.csv", "lifetableM.csv")
    )
    write("deaths.csv", ["age", "female", "male"], [[age, female[age], male[age]] for age in sorted(female)])


def write_district_counts(data: Path) -> None:
    """Household composition, ethnic groups, main languages: counts of the district only."""
    tables = data / "activity" / "census2021_gm_districts"
    wanted = {
        "household_composition": "indicator",
        "household_size": "indicator",
        "population_ethnic_group": "ethnic_group",
        "population_language_detailed": "language",
        "population_english_proficiency": "proficiency",
        "unpaid_care": "unpaid_care",
        "communal_establishment_residents_sex_age": "resident_category",
    }
    lines = []
    for name, column in wanted.items():
        for row in rows(tables / f"2021_{name}_la_gm.csv"):
            if row["area_code"] == DISTRICT and row["measure"] == "Count" and whole(row["value"]):
                lines.append([name, row[column], whole(row["value"])])
    write("district.csv", ["table", "what", "count"], lines)


def write_postcodes(data: Path, areas: set[str]) -> None:
    lines = [
        f"{row['postcode']},{row['lsoa21cd']}"
        for row in rows(data / "geography" / "bury_postcodes.csv")
        if row["lsoa21cd"] in areas
    ]
    text = "\n".join(["postcode,lsoa", *lines, ""])
    (OUT / "postcodes.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def main(data: Path) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    postcodes = rows(data / "geography" / "bury_postcodes.csv")
    areas = sorted({row["lsoa21cd"] for row in postcodes if row["lad22cd"] == DISTRICT})
    registered: dict[str, Counter] = defaultdict(Counter)
    for row in rows(data / "nhs_orgs" / "bury_gp_registrations_by_lsoa11.csv"):
        if row["LSOA11CD"] in set(areas):
            registered[row["OrganisationCode"]][row["LSOA11CD"]] += whole(row["Patient"])
    totals: Counter = Counter()
    for counts in registered.values():
        totals.update(counts)
    write_areas(data, areas, totals)
    write_ages(data, areas)
    write_sexes(data)
    write_practices(data, registered)
    named = {row["code"] for row in rows(OUT / "practices.csv")}
    write_registrations(registered, areas, named)
    write_conditions(data)
    write_deaths(data)
    write_district_counts(data)
    write_postcodes(data, set(areas))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
