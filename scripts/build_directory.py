"""Cut a pack's directory of open data (food banks, jobcentres, libraries) as a file of Open Referral UK.

    python scripts/build_directory.py DATA --pack locality/packs/bury --district E08000002 --council "Bury Council"

DATA holds `gm_assets/` (traffordDataLab/open_data) and `gm_postcodes.csv.gz` (Code-Point Open). Kept are the district's
own and those within MILES of a postcode of it. Left out: mobile telephone numbers, e-mail addresses of one person, and
addresses of what only delivers.
"""

import argparse
import csv
import gzip
import json
import math
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

MILES = 2.0
MILES_A_DEGREE = 69.05
NAMES = uuid.UUID("9a0c4f5e-1c63-4f0b-9a53-0c7e9d1d2c11")
PUBLIC_EMAIL = re.compile(r"^(info|admin|office|enquiries|contact|community|bury|libraries|[\w.]*library)@", re.I)
LANDLINE = re.compile(r"\b0[123]\d{2,3} ?\d{3} ?\d{3,4}\b")
DELIVERS = re.compile(r"deliver", re.I)
Points = list[tuple[float, float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--district", required=True)
    parser.add_argument("--council", required=True)
    asked = parser.parse_args()
    known, own = postcodes(asked.data / "gm_postcodes.csv.gz", asked.district)
    near = [one for one in rows(asked.data / "gm_assets", known, asked) if is_near(one.pop("point"), own)]
    out = asked.pack / "directory" / "open-data.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"contents": near}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{out}: {len(near)} services")


def postcodes(path: Path, district: str) -> tuple[dict[str, tuple[float, float]], Points]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    point = {line["postcode"]: (float(line["lat"]), float(line["lon"])) for line in lines}
    return point, [point[line["postcode"]] for line in lines if line["lad22cd"] == district]


def is_near(point: tuple[float, float] | None, own: Points) -> bool:
    return point is not None and any(miles(point, other) <= MILES for other in own)


def miles(one: tuple[float, float], other: tuple[float, float]) -> float:
    narrow = math.cos(math.radians(one[0]))
    return math.hypot((one[0] - other[0]) * MILES_A_DEGREE, (one[1] - other[1]) * MILES_A_DEGREE * narrow)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: " ".join((value or "").split()) for key, value in line.items()} for line in csv.DictReader(file)]


def rows(folder: Path, known: dict[str, tuple[float, float]], asked: argparse.Namespace) -> Iterator[dict]:
    for line in read(folder / "gm_food_banks.csv"):
        yield food_bank(line, known.get(line["Postcode"]))
    for line in read(folder / "gm_jobcentreplus.csv"):
        about = "Looks for work with you, and answers for Universal Credit and other benefits of working age."
        name, organisation = f"Jobcentre Plus, {line['name']}", "Department for Work and Pensions"
        yield asset(line, name, organisation, about, terms=("Work", "Benefits"))
    for line in read(folder / "gm_libraries.csv"):
        owner = asked.council if line["area_code"] == asked.district else f"{line['area_name']} Council"
        organisation = owner if line["type"].startswith("Local authority") else line["name"]
        about = f"A public library. {line['type']}."
        yield asset(line, line["name"], organisation, about, terms=("Learning and reading",))


def service(name: str, organisation: str, about: str, *, where: str, terms: tuple[str, ...]) -> dict:
    pk = uuid.uuid5(NAMES, f"{name}, {where}")
    return {
        "id": str(pk),
        "name": name,
        "description": about,
        "status": "active",
        "organization": {"id": str(uuid.uuid5(NAMES, organisation)), "name": organisation, "description": organisation},
        "attributes": [{"id": str(uuid.uuid5(pk, term)), "taxonomy_term": {"name": term}} for term in terms],
    }


def placed(pk: str, address: str, postcode: str, point: tuple[float, float] | None) -> list[dict]:
    location: dict = {"id": str(uuid.uuid5(NAMES, pk + "at")), "location_type": "physical"}
    if point:
        location |= {"latitude": round(point[0], 5), "longitude": round(point[1], 5)}
    line, _, city = address.rpartition(", ")
    location["addresses"] = [{"id": str(uuid.uuid5(NAMES, pk + "address")), "address_1": line or city,
                              "city": city if line else "", "postal_code": postcode, "country": "GB"}]  # fmt: skip
    return [{"id": str(uuid.uuid5(NAMES, pk + "there")), "location": location}]


def food_bank(line: dict[str, str], point: tuple[float, float] | None) -> dict:
    about = "Gives food to people who have none."
    told = service(f"Food bank, {line['Name']}", line["Name"], about, where=line["Postcode"], terms=("Food",))
    told["point"] = point
    how = line["Referral method"]
    if how and how != "Not known":
        told["application_process"] = how
    if not DELIVERS.search(how):
        told["service_at_locations"] = placed(told["id"], line["Address"], line["Postcode"], point)
    if line["Opening times"] not in ("", "NA", "Not relevant", "Not known"):
        told["schedules"] = [{"id": str(uuid.uuid5(NAMES, told["id"] + "times")), "description": line["Opening times"]}]
    reach(told, line["Contact"], line["Website"])
    return told


def asset(line: dict[str, str], name: str, organisation: str, about: str, *, terms: tuple[str, ...]) -> dict:
    told = service(name, organisation, about, where=line["postcode"], terms=terms)
    point = (float(line["lat"]), float(line["lon"]))
    told |= {"point": point, "service_at_locations": placed(told["id"], line["address"], line["postcode"], point)}
    told["cost_options"] = [{"id": str(uuid.uuid5(NAMES, told["id"] + "free")), "option": "Everybody", "amount": 0}]
    reach(told, line.get("email", ""), line.get("website", ""))
    return told


def reach(told: dict, contact: str, website: str) -> None:
    if PUBLIC_EMAIL.match(contact):
        told["email"] = contact
    if number := LANDLINE.search(contact):
        told["phones"] = [{"id": str(uuid.uuid5(NAMES, told["id"] + "phone")), "number": number[0]}]
    if website.startswith("http") and " " not in website:
        told["url"] = website


if __name__ == "__main__":
    main()
