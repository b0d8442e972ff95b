"""Cut the open data of one district down to the generated files of its pack.

    python scripts/build_pack.py DATA PACK --district E08000002 --sub-icb 00V [--practices P83001,P83004] [--all]

DATA is a folder of open data for Greater Manchester with the topics `geography`, `nhs_orgs` and `activity`, PACK the
pack's folder, in which `wards.csv` says where each ward lies. Without `--practices` every practice of the sub-ICB is
taken; `--all` adds pharmacies, care homes and the tables that invented people are grown from. What is written by hand
(everything in TOML, and wards.csv) is left alone. Outlines come from scripts/build_boundaries.py.
"""

import argparse
import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from pack_tables import write_tables
from pack_words import address, name, phone, slug, tidy

ODS = "NHS England ODS epraccur, about end 2024"
EPCN = "NHS England ODS ePCN core partner details, 2024"
PHARMACIES = "NHS England community pharmacies with opening hours; stored copy undated, wards of 2023"
HOMES = "CQC care directory, 10 April 2019"
GP_PRACTICE = "4"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Lines = Iterable[dict[str, object]]


class District:
    """What is asked for, and the look-ups that several files need."""

    def __init__(self, asked: argparse.Namespace):
        self.data, self.pack, self.code, self.sub_icb = asked.data, asked.pack, asked.district, asked.sub_icb
        self.everything = asked.all
        self.areas = {
            row["lsoa21_code"]: row
            for row in self.read("geography/gm_lsoa21_ward24_ltla24_lookup.csv")
            if row["ltla24_code"] == self.code
        }
        self.name = next(iter(self.areas.values()))["ltla24_name"]
        # only what is unchanged since 2011 can be joined to tables of that year
        self.areas_of_2011 = {
            row["lsoa11_code"]
            for row in self.read("geography/gm_lsoa11_lsoa21_lookup.csv")
            if row["lsoa21_code"] in self.areas and row["change_code"] == "U"
        }
        self.neighbourhood_of_ward = {row["code"]: row["neighbourhood"] for row in read_csv(self.pack / "wards.csv")}
        self.postcodes = {
            row["postcode"]: row
            for row in self.read("geography/gm_postcodes.csv.gz")
            if row["lad22cd"] == self.code and row["lsoa21cd"] in self.areas
        }
        self.practices = {row["Organisation Code"]: row for row in self._practices(asked.practices)}

    def _practices(self, codes: str) -> Iterator[dict[str, str]]:
        for row in self.read("nhs_orgs/gm_epraccur.csv"):
            wanted = not codes or row["Organisation Code"] in codes.split(",")
            if row["Commissioner"] == self.sub_icb and row["Prescribing Setting"] == GP_PRACTICE and wanted:
                yield row

    def read(self, path: str) -> list[dict[str, str]]:
        return list(read_csv(self.data / path))

    def neighbourhood(self, postcode: str) -> str:
        """Where a postcode lies, by its small area's ward."""
        return self.neighbourhood_of_ward[self.areas[self.postcodes[postcode]["lsoa21cd"]]["ward24_code"]]

    def write(self, file: str, lines: Lines) -> None:
        write_csv(self.pack / file, lines)


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as opened:
        yield from csv.DictReader(opened)


def write_csv(path: Path, lines: Lines) -> None:
    rows = list(lines)
    words = io.StringIO()
    writer = csv.DictWriter(words, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = words.getvalue().encode()
    # without a time in it, so that the same data make the same file
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    print(f"{path.name}: {len(rows):,} rows, {path.stat().st_size:,} bytes")


def day(words: str) -> date | None:
    return date(int(words[:4]), int(words[4:6]), int(words[6:8])) if words else None


def day_after(words: str) -> date | None:
    """The first day on which it no longer holds: the day after the last one, which ODS gives."""
    last = day(words)
    return last and last + timedelta(days=1)


# ---- places


def areas(district: District) -> Lines:
    for code, row in sorted(district.areas.items()):
        yield {
            "code": code,
            "name": row["lsoa21_name"],
            "ward": row["ward24_code"],
            "origin": "ONS, LSOA 2021 to ward 2024 best fit",
        }


def postcodes(district: District) -> Lines:
    for code, row in sorted(district.postcodes.items()):
        # on the very edge a postcode's point may lie in a ward of the district next door
        ward = row["wd23cd"] if row["wd23cd"] in district.neighbourhood_of_ward else ""
        point = {name: f"{float(row[short]):.5f}" for name, short in (("latitude", "lat"), ("longitude", "lon"))}
        yield {"code": code, "lsoa": row["lsoa21cd"], "ward": ward, **point}


# ---- organisations and their sites


def organisations(district: District) -> Lines:
    for code, row in sorted(district.practices.items()):
        opened, closed = day(row["Open Date"]), day_after(row["Close Date"])
        yield _organisation(code, name(row["Name"]), "practice", ODS, starts_on=opened, ends_on=closed)
    for code, words in sorted(networks(district).items()):
        yield _organisation(code, words, "primary_care_network", EPCN)
    if district.everything:
        for row in pharmacies(district):
            yield _organisation(row["organisation_data_service_code"], row["pharmacy_name"], "pharmacy", PHARMACIES)
        for code, row in homes(district).items():
            yield _organisation(code, row["name"], "care_provider", HOMES, note="Who runs it is not in the list.")


def _organisation(code: str, words: str, kind: str, origin: str, **other: object) -> dict[str, object]:
    dates = {"starts_on": other.get("starts_on"), "ends_on": other.get("ends_on"), "note": other.get("note")}
    # a list of years ago: nobody has confirmed that each is still there
    said = {"origin": origin, "verified": "no" if origin == HOMES else "yes"}
    return {"code": code, "name": words, "kind": kind, **dates, **said}


def networks(district: District) -> dict[str, str]:
    return {row["PCN Code"]: name(row["PCN Name"]) for row in memberships(district)}


def memberships(district: District) -> list[dict[str, str]]:
    rows = district.read("nhs_orgs/gm_epcn_core_partner_details.csv")
    return [row for row in rows if row["Partner Organisation Code"] in district.practices]


def affiliations(district: District) -> Lines:
    order = "Partner Organisation Code", "Practice to PCN Relationship Start Date"
    for row in sorted(memberships(district), key=lambda row: tuple(row[part] for part in order)):
        yield {
            "member": row["Partner Organisation Code"],
            "body": row["PCN Code"],
            "starts_on": day(row["Practice to PCN Relationship Start Date"]),
            "ends_on": day_after(row["Practice to PCN Relationship End Date"]),
            "origin": EPCN,
        }


def practices(district: District) -> Lines:
    for code, row in sorted(district.practices.items()):
        yield {
            "practice": code,
            "neighbourhood": district.neighbourhood(row["Postcode"]),
            "ends_on": day_after(row["Close Date"]),
            "origin": "proposed: where its main surgery lies",
            "verified": "no",
        }


def sites(district: District) -> Lines:
    for code, row in sorted(district.practices.items()):
        lines = [row[f"Address Line {number}"] for number in range(1, 6)]
        yield _site(
            code, "surgery", name(row["Name"]), address(lines, of=row["Name"]), row["Postcode"], ODS,
            phone=row["Contact Telephone Number"], ends_on=day_after(row["Close Date"]), public="yes",
        )  # fmt: skip
    if district.everything:
        for row in pharmacies(district):
            code, words = row["organisation_data_service_code"], row["pharmacy_name"]
            where = tidy(row["address"])
            yield _site(code, "pharmacy", words, where, row["postcode"], PHARMACIES, public="yes")
        for code, row in homes(district).items():
            called, where = row["name"], tidy(row["address"])
            yield _site(code, "care_home", called, where, row["postcode"], HOMES, phone=phone(row["telephone"]))


def _site(code: str, kind: str, words: str, where: str, postcode: str, origin: str, **other: object) -> dict:
    known = {"phone": other.get("phone"), "public": other.get("public"), "ends_on": other.get("ends_on")}
    placed = {"address": where, "postcode": postcode}
    said = {"origin": origin, "verified": "no" if origin == HOMES else "yes"}
    return {"code": code, "name": words, "organisation": code, "kind": kind, **placed, **known, **said}


def pharmacies(district: District) -> list[dict[str, str]]:
    rows = [row for row in district.read("nhs_orgs/gm_pharmacies.csv") if row["la_code"] == district.code]
    return sorted(rows, key=lambda row: row["organisation_data_service_code"])


def hours(district: District) -> Lines:
    for row in pharmacies(district):
        week = {weekday: row[f"opening_hours_{weekday}"].replace(",", ";").lower() for weekday in WEEKDAYS}
        yield {"site": row["organisation_data_service_code"], **week, "origin": PHARMACIES}


def homes(district: District) -> dict[str, dict[str, str]]:
    # the list's district codes lack a digit, so by name
    rows = district.read("nhs_orgs/gm_care_homes_cqc_apr2019.csv")
    return {
        f"home-{slug(row['name'])}": row for row in sorted(rows, key=lambda row: row["name"]) if ours(district, row)
    }


def ours(district: District, row: dict[str, str]) -> bool:
    return row["area_name"] == district.name


# ---- figures


def figures(district: District) -> Lines:
    for series, values in {**area_figures(district), **practice_figures(district)}.items():
        for about, value in sorted(values.items()):
            yield {"series": series, "about": about, "value": value}


def area_figures(district: District) -> dict[str, dict[str, object]]:
    census: dict[str, int] = defaultdict(int)
    for row in district.read("geography/census2021/gm_population_by_age_group_lsoa21.csv"):
        census[row["lsoa21_code"]] += int(float(row["usual_residents"]))
    registered: dict[str, int] = defaultdict(int)
    for row in district.read("nhs_orgs/gm_gp_registrations_by_lsoa11.csv"):
        registered[row["LSOA11CD"]] += int(row["Patient"])
    imd = {row["lsoa11_code"]: row for row in district.read("geography/deprivation/gm_imd2019_england_lsoa11.csv")}
    iod = {row["lsoa21_code"]: row for row in district.read("geography/deprivation/gm_imd2025_england_lsoa21.csv")}
    mid = district.read("geography/gm_lsoa11_population_mid2020_single_year_age.csv")
    then = district.areas_of_2011
    return {
        "residents-census-2021": {code: census[code] for code in district.areas},
        "residents-mid-2020": {
            row["lsoa11_code"]: int(float(row["total_population"])) for row in mid if row["lsoa11_code"] in then
        },
        "residents-65-mid-2020": {
            row["lsoa11_code"]: sum(int(float(row[str(age)])) for age in range(65, 90)) + int(float(row["90+"]))
            for row in mid
            if row["lsoa11_code"] in then
        },
        "registered-residents-2022": {code: registered[code] for code in then},
        "imd-2019-rank": {code: int(float(imd[code]["IMD_rank"])) for code in then},
        "imd-2019-decile": {code: int(float(imd[code]["IMD_decile"])) for code in then},
        "iod-2025-rank": {code: int(float(iod[code]["IMD_rank"])) for code in district.areas},
        "iod-2025-decile": {code: int(float(iod[code]["IMD_decile"])) for code in district.areas},
    }


def practice_figures(district: District) -> dict[str, dict[str, object]]:
    by_area: dict[str, int] = defaultdict(int)
    for row in district.read("nhs_orgs/gm_gp_registrations_by_lsoa11.csv"):
        by_area[row["OrganisationCode"]] += int(row["Patient"])
    lists = {
        "list-april-2020": ("gm_gp_list_size_by_age_apr2020.csv", "PRACTICE_CODE", "TOTAL"),
        "list-may-2022": ("gm_gp_list_size_2022.csv", "CODE", "NUMBER_OF_PATIENTS"),
        "list-allocation-2025-26": ("gm_practice_weighted_populations_2025_26.csv", "Practice_Code", "Population"),
    }
    found = {
        series: {row[code]: row[size] for row in district.read(f"nhs_orgs/{file}")}
        for series, (file, code, size) in lists.items()
    }
    found["list-by-area-2022"] = {code: str(people) for code, people in by_area.items()}
    return {
        series: {code: value for code, value in values.items() if code in district.practices}
        for series, values in found.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--district", required=True)
    parser.add_argument("--sub-icb", required=True)
    parser.add_argument("--practices", default="")
    parser.add_argument("--all", action="store_true")
    district = District(parser.parse_args())
    district.write("areas.csv", areas(district))
    district.write("postcodes.csv.gz", postcodes(district))
    district.write("organisations.csv", organisations(district))
    district.write("affiliations.csv", affiliations(district))
    district.write("practices.csv", practices(district))
    district.write("sites.csv", sites(district))
    district.write("figures.csv", figures(district))
    if district.everything:
        district.write("hours.csv", hours(district))
        write_tables(district)


if __name__ == "__main__":
    main()
