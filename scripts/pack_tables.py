"""The tables that invented people are grown from: who lives where, how old, with whom, registered where, how ill."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from pack_published import of_carers, of_registers, published

if TYPE_CHECKING:
    from build_pack import District

Lines = Iterable[dict[str, object]]

YEAR = "2021-22"
# which ages each register of the year counts (QOF guidance 2021-22), so that shares become people again
AGES = {
    "all": ("CAN", "PC", "AF", "CHD", "HF", "HYP", "LVSD", "PAD", "STIA", "COPD", "DEM", "LD", "MH"),
    "6+": ("AST",),
    "15+": ("SMOK",),
    "17+": ("DM",),
    "18+": ("CKD", "NDH", "OB", "DEP", "EP"),
}
LARGEST_LIST = 60_000

CENSUS = {
    "ethnicity": ("gm_ethnicity21_lsoa21.csv", "ethnic_group"),
    "tenure": ("gm_household_tenure21_lsoa21.csv", "tenure"),
    "occupancy": ("gm_household_overcrowding21_lsoa21.csv", "occupancy_rating"),
    "dwelling": ("gm_household_type21_lsoa21.csv", "type"),
    "disability": ("gm_disability21_lsoa21_ew.csv", "disability"),
    "household deprivation": ("gm_household_deprivation21_lsoa21.csv", "deprivation_dimensions"),
}
WHOLE_PLACE = {
    "household composition": ("2021_household_composition_la_gm.csv", "indicator"),
    "household size": ("2021_household_size_la_gm.csv", "indicator"),
    "unpaid care": ("2021_unpaid_care_la_gm.csv", "unpaid_care"),
    "detailed ethnicity": ("2021_population_ethnic_group_la_gm.csv", "ethnic_group"),
    "communal residents": ("2021_communal_establishment_residents_sex_age_la_gm.csv", "resident_category"),
}
# what is published of the whole district: file, code, name, and which unit it is told in
INDICATORS = (
    ("dashboard/health_admissions_falls", "falls-admissions-65",
     "Emergency admissions because of falls, 65 and over", "for each 100,000 people of 65 and over, age-standardised"),
    ("trafford_themes/health_admissions_care_homes_65p", "care-home-admissions-65",
     "Permanent admissions to care homes, 65 and over", "for each 100,000 people of 65 and over"),
    ("trafford_themes/health_mortality_rate", "preventable-deaths-75",
     "Deaths under 75 from causes considered preventable", "for each 100,000 people, age-standardised"),
    ("trafford_themes/health_life_expectancy", "life-expectancy", "Life expectancy at birth", "years"),
    ("trafford_themes/health_healthy_life_expectancy", "healthy-life-expectancy",
     "Healthy life expectancy at birth", "years"),
    ("trafford_themes/health_inequality_life_expectancy", "life-expectancy-slope",
     "Between the most and the least deprived: slope index of life expectancy", "years"),
)  # fmt: skip
COUNTRY, LATEST = "England", 8


def write_tables(district: "District") -> None:
    """Write every such table of a district."""
    district.write("registrations.csv.gz", registrations(district))
    district.write("ages.csv.gz", ages(district))
    district.write("sexes.csv", sexes(district))
    counted, registers = list(census(district)), list(prevalence(district))
    district.write("census.csv.gz", counted)
    district.write("prevalence.csv", registers)
    district.write("indicators.csv", indicators(district))
    district.write("published.csv", [*published(district), *of_registers(registers), *of_carers(counted)])


def registrations(district: "District") -> Lines:
    for row in district.read("nhs_orgs/gm_gp_registrations_by_lsoa11.csv"):
        if row["LSOA11CD"] in district.areas_of_2011 or row["OrganisationCode"] in district.practices:
            lsoa = row["LSOA11CD"] if row["LSOA11CD"].startswith("E") else ""
            yield {"practice": row["OrganisationCode"], "lsoa": lsoa, "people": row["Patient"]}


def ages(district: "District") -> Lines:
    for row in district.read("geography/gm_lsoa11_population_mid2020_single_year_age.csv"):
        if row["lsoa11_code"] in district.areas_of_2011:
            for age in range(91):
                people = row["90+" if age == 90 else str(age)]
                yield {"lsoa": row["lsoa11_code"], "age": age, "persons": int(float(people))}


def sexes(district: "District") -> Lines:
    rows = district.read("activity/census2021_gm_districts/2021_population_by_sex_and_age_la_gm.csv")
    for row in rows:
        if row["area_code"] == district.code and row["sex"] != "All persons":
            words = row["age"].removeprefix("Aged ").split()[0]
            yield {"age": 0 if words == "under" else int(words), "sex": row["sex"].lower(), "persons": row["value"]}


def census(district: "District") -> Iterator[dict[str, object]]:
    for topic, (file, column) in CENSUS.items():
        for row in district.read(f"geography/census2021/{file}"):
            if row["lsoa21_code"] in district.areas:
                yield _count(row["lsoa21_code"], topic, row[column], row["n"])
    for topic, (file, column) in WHOLE_PLACE.items():
        for row in district.read(f"activity/census2021_gm_districts/{file}"):
            if row["area_code"] == district.code and row["measure"] == "Count":
                yield _count(district.code, topic, row[column], row["value"])


def _count(area: str, topic: str, category: str, count: str) -> dict[str, object]:
    return {"area": area, "topic": topic, "category": category, "count": int(float(count))}


def prevalence(district: "District") -> Lines:
    rows = {row["OrganisationCode"]: row for row in district.read("nhs_orgs/gm_qof_prevalence_by_practice.csv")}
    shares = {
        code: {
            ages_of: {one: Fraction(float(rows[code][f"{one}-prevalance"])) for one in conditions}
            for ages_of, conditions in AGES.items()
        }
        for code in sorted(set(rows) & set(district.practices))
    }
    possible = {code: possible_lists(of_practice) for code, of_practice in shares.items()}
    usual = usual_parts(possible)
    for code, of_practice in shares.items():
        adults, whole = possible[code]["18+"][0], possible[code]["all"][0]
        for ages_of, conditions in of_practice.items():
            expected = adults + usual[ages_of] * (whole - adults)
            size = min(possible[code][ages_of], key=lambda size: abs(size - expected))  # noqa: B023
            for condition, share in conditions.items():
                counted = {"register": round(share * size), "list": size, "ages": ages_of, "year": YEAR}
                yield {"practice": code, "condition": condition, **counted}


def indicators(district: "District") -> Lines:
    """The newest periods of each, of the district and of the country."""
    for file, code, words, unit in INDICATORS:
        rows = [
            row
            for row in district.read(f"activity/la_indicators/{file}.csv")
            if row["value"] and (row["area_code"] == district.code or row["area_name"] == COUNTRY)
        ]
        periods = sorted({_period(row["period"]) for row in rows})[-LATEST:]
        for row in sorted(rows, key=lambda one: (one["area_name"] == COUNTRY, _who(one), _period(one["period"]))):
            if _period(row["period"]) in periods:
                yield {
                    "indicator": code,
                    "name": words,
                    "area": row["area_name"],
                    "who": _who(row),
                    "period": _period(row["period"]),
                    "value": row["value"],
                    "unit": unit,
                    "origin": "OHID Fingertips",
                }


def _period(words: str) -> str:
    return words.replace(" ", "")


def _who(row: dict[str, str]) -> str:
    told = row.get("inequality") or row["unit"]
    return told if told in ("Female", "Male") else "Persons"


def possible_lists(shares: dict[str, dict[str, Fraction]]) -> dict[str, list[int]]:
    """How many patients of each age group a practice may have, from the published shares of them.

    The shares were published, the counts were not. Each share is one whole number over another, so that few sizes
    make whole numbers of all of them; and those who are over 18 are fewer than those who are over 17, and so on.
    """
    least = {
        ages_of: lcm(*(share.limit_denominator(LARGEST_LIST).denominator for share in of_ages.values()))
        for ages_of, of_ages in shares.items()
    }
    # thirteen conditions share the whole list: their least common size is the list itself
    whole = least["all"]
    found = {"all": [whole]}
    fewest = whole // 2
    for ages_of in ("18+", "17+", "15+", "6+"):
        sizes = range(least[ages_of], whole + 1, least[ages_of])
        found[ages_of] = [size for size in sizes if size > fewest]
        fewest = min(found[ages_of])
    return found


def usual_parts(possible: dict[str, dict[str, list[int]]]) -> dict[str, float]:
    """Which part of the children each age group usually counts, from the practices where only one size is possible."""
    parts: dict[str, list[float]] = defaultdict(list)
    for sizes in possible.values():
        for ages_of, of_ages in sizes.items():
            if len(of_ages) == 1:
                adults, whole = sizes["18+"][0], sizes["all"][0]
                parts[ages_of].append((of_ages[0] - adults) / (whole - adults))
    several = sum(len(of_ages) > 1 for sizes in possible.values() for of_ages in sizes.values())
    print(f"{several} of {5 * len(possible)} lists by age have more than one possible size: the most usual is taken")
    return {ages_of: sum(of_ages) / len(of_ages) for ages_of, of_ages in parts.items()}
