"""Published series of the same thing as a measure, or of something near it, to stand beside what is worked out here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from build_pack import District

Lines = Iterable[dict[str, object]]

ENGLAND, REGION = "E92000001", "E47000001"
FINGERTIPS = "OHID, Fingertips public health profiles"
ASCOF = "NHS England, Adult Social Care Outcomes Framework"
# the measure, the file, the unit, in what it differs, who published it
SERIES = (
    ("falls-admissions-65", "dashboard/health_admissions_falls.csv",
     "for each 100,000 people of 65 and over, as if of the standard's ages", "", FINGERTIPS),
    ("permanent-care-home-admissions-65", "trafford_themes/health_admissions_care_homes_65p.csv",
     "for each 100,000 people of 65 and over", "", ASCOF),
    ("home-91-days-after-reablement", "dashboard/targeted_home_after_discharge.csv", "%", "", ASCOF),
    ("dementia-known-65", "dashboard/health_dementia_diagnosis.csv", "%",
     "Of the people of 65 and over expected to have dementia, not of all of them", FINGERTIPS),
    ("deaths-in-hospital", "dashboard/health_deaths_at_home.csv", "%",
     "The other side: deaths of people of 65 and over at home, or in the care home where they lived", FINGERTIPS),
    ("deaths-under-75", "trafford_themes/health_mortality_rate.csv",
     "for each 100,000 people under 75, as if of the standard's ages", "Only of causes considered preventable",
     FINGERTIPS),
    ("good-level-of-development", "dashboard/children_school_readiness_fsm.csv", "%",
     "Only children with free school meals", "Department for Education, by OHID Fingertips"),
)  # fmt: skip
EVERYBODY = ("Persons", "Deaths")


def published(district: "District") -> Iterator[dict[str, object]]:
    """A row for each period of each series: the place, Greater Manchester where it is there, and England."""
    for measure, file, unit, apart, origin in SERIES:
        rows = [row for row in district.read(f"activity/la_indicators/{file}") if row["unit"] in EVERYBODY]
        held: dict[str, dict[str, str]] = defaultdict(dict)
        for row in rows:
            held[row["period"]][row["area_code"]] = row["value"]
        for period in sorted(one for one in held if held[one].get(district.code)):
            areas = held[period]
            values = {"place": areas[district.code], "region": areas.get(REGION, ""), "england": areas.get(ENGLAND, "")}
            name = " ".join(rows[0]["indicator"].replace("(per 100,000 population)", "").split())
            yield {"measure": measure, "name": name, "period": period, **values, **_said(unit, apart, origin)}


def of_registers(prevalence: Lines) -> Iterator[dict[str, object]]:
    """Dementia on the practices' registers, added up."""
    rows = [row for row in prevalence if row["condition"] == "DEM"]
    share = 100 * sum(int(str(row["register"])) for row in rows) / sum(int(str(row["list"])) for row in rows)
    apart = "Of patients of all ages on these practices' lists; the registers added up here"
    yield {
        "measure": "dementia-known-65", "name": "Dementia register", "period": str(rows[0]["year"]),
        "place": round(share, 2), "region": "", "england": "",
        **_said("%", apart, "NHS Digital, Quality and Outcomes Framework"),
    }  # fmt: skip


def of_carers(census: Lines) -> Iterator[dict[str, object]]:
    """People who told the census that they look after somebody."""
    told = {str(row["category"]): int(str(row["count"])) for row in census if row["topic"] == "unpaid care"}
    cared = sum(count for category, count in told.items() if not category.startswith("Provides no "))
    apart = "Of people of 5 and over, as they see themselves, known to a service or not; worked out here"
    yield {
        "measure": "carers-known", "name": "People who give unpaid care", "period": "2021",
        "place": round(100 * cared / sum(told.values()), 1), "region": "", "england": "",
        **_said("%", apart, "ONS, Census 2021, provision of unpaid care"),
    }  # fmt: skip


def _said(unit: str, apart: str, origin: str) -> dict[str, object]:
    return {"unit": unit, "apart": apart, "origin": origin}
