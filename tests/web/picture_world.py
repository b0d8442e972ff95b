"""A small place with a picture drawn of it: neighbourhoods of two small areas each, with people enough to be told."""

from datetime import date, datetime, timedelta
from random import Random

from locality.directory.models import Area
from locality.population.actions import draw_picture
from locality.population.models import Picture
from tests import factories as make
from tests.population.copies import write_copy

from .place_rows import neighbourhood

ON = date(2026, 1, 1)
NEIGHBOURHOODS = ("hilltop", "meadows", "quayside")
DISEASE = {"hilltop": 0.30, "meadows": 0.12, "quayside": 0.12}


def world(folder, *, neighbourhoods=2, per_area=120):
    """Neighbourhoods of two small areas each, of which hilltop has much more diabetes; write the copy that says so."""
    for at, code in enumerate(NEIGHBOURHOODS[:neighbourhoods]):
        neighbourhood(code, at=at, residents=2000, older=400, tenths=(1, 9))
    return write_copy(folder, **rows(neighbourhoods, per_area))


def rows(neighbourhoods, per_area):
    rng = Random(7)
    held = {"people": [], "conditions": [], "events": [], "places": [], "populations": []}
    for area in Area.objects.select_related("neighbourhood").order_by("code"):
        where = area.neighbourhood.code
        tenth, ward = 1 if area.code.endswith("0") else 9, f"E05{int(area.code[3:6]):06}"
        held["places"].append({"small_area": area.code, "name": area.name, "neighbourhood": where,
                               "ward": ward, "deprivation": tenth, "people": 1000})  # fmt: skip
        for age, people in ((10, 300), (40, 500), (70, 150), (82, 50)):
            told = {"age_from": age, "age_to": age + 1, "people": people}
            held["populations"].append({"small_area": area.code, **told})
        for number in range(per_area):
            name = f"{area.code}-{number}"
            age = rng.choice((10, 30, 50, 70, 80))
            held["people"].append({"person": name, "small_area": area.code, "neighbourhood": where,
                                   "birth_month": date(ON.year - age, 3, 1), "ethnicity": rng.choice("AAAJ"),
                                   "sex": rng.choice(("female", "male"))})  # fmt: skip
            if rng.random() < DISEASE[where]:
                held["conditions"].append({"person": name, "code": "44054006", "said": "Diabetes"})
            if age >= 65 and rng.random() < 0.4:
                began = ON - timedelta(days=rng.randint(1, 300))
                held["events"].append({"person": name, "kind": "fall",
                                       "started_at": datetime(began.year, began.month, began.day, 9)})  # fmt: skip
    return held


_told: dict[int, Picture] = {}


def drawn(folder, *, neighbourhoods=2):
    """The place with its picture; drawn once for all tests, since every test draws the same."""
    if neighbourhoods not in _told:
        world(folder, neighbourhoods=neighbourhoods)
        _told[neighbourhoods] = draw_picture(by=make.viewer(), folder=folder)
        return
    for at, code in enumerate(NEIGHBOURHOODS[:neighbourhoods]):
        neighbourhood(code, at=at, residents=2000, older=400, tenths=(1, 9))
    one = _told[neighbourhoods]
    kept = {name: getattr(one, name) for name in ("on", "nth", "drawn_at", "by_id", "refresh", "copy_made_at", "told")}
    Picture.objects.create(place=make.place(), **kept)
