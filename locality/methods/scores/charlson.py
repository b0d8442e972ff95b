"""Charlson's index of other illnesses, on the code groups of Quan 2005, with three sets of points.

Charlson ME, Pompei P, Ales KL, MacKenzie CR. J Chronic Dis 1987; 40: 373-383. Quan H, Sundararajan V, Halfon P, et al.
Med Care 2005; 43: 1130-1139 (17 groups, 289 codes). Quan H, Li B, Couris CM, et al. Am J Epidemiol 2011; 173: 676-682.
NHS England, Summary Hospital-level Mortality Indicator, specification 1.60 (points, and groups of its own). No points
for age are added here.
"""

from functools import partial

from locality.methods.scores import check_tables
from locality.methods.scores.method import Band, Method

POINTS = partial(check_tables.groups, "charlson.csv", key="group")
QUAN_2005 = check_tables.codes("charlson_quan_2005.csv")
NOT_FOR = "a person's own outlook; and not beside figures that add points for age"

CHARLSON = Method(
    name="charlson",
    title="Charlson index, points of 1987",
    source="Charlson 1987, J Chronic Dis 40: 373-383; codes of Quan 2005, Med Care 43: 1130-1139",
    groups=POINTS(points="charlson_1987"),
    codes=QUAN_2005,
    bands=(Band("0", 0), Band("1-2", 2), Band("3-4", 4), Band("5 or more", None)),
    published="deaths within a year by band: 12%, 26%, 52% and 85% of 559 medical inpatients in New York in 1984;"
    " C 0.703 for unplanned admission within a year in English general practice (Payne 2020)",
    not_for=NOT_FOR,
)

CHARLSON_QUAN = Method(
    name="charlson-quan",
    title="Charlson index, points of Quan 2011",
    source="Quan 2011, Am J Epidemiol 173: 676-682; codes of Quan 2005, Med Care 43: 1130-1139",
    groups=POINTS(points="quan_2011"),
    codes=QUAN_2005,
    published="made to foretell death in hospital or within a year of discharge, in six countries",
    not_for=NOT_FOR,
)

SHMI_SOURCE = "NHS England, SHMI specification 1.60"
SHMI_PUBLISHED = "one of the things that England's hospital mortality indicator adjusts for, not a forecast by itself"

CHARLSON_SHMI = Method(
    name="charlson-shmi",
    title="Charlson index, points of England's mortality indicator (SHMI), on Quan's codes",
    source=f"{SHMI_SOURCE}; codes of Quan 2005, Med Care 43: 1130-1139",
    groups=POINTS(points="shmi"),
    codes=QUAN_2005,
    # diabetes with complications has -1: alone it would be less than nothing
    lowest=0,
    published=SHMI_PUBLISHED,
    not_for=NOT_FOR,
)

SHMI = Method(
    name="shmi",
    title="Charlson index of England's mortality indicator (SHMI), on its own codes",
    source=SHMI_SOURCE,
    groups=POINTS(points="shmi"),
    codes=check_tables.codes("charlson_shmi.csv"),
    lowest=0,
    verified=False,
    unverified="two published transcriptions differ in E11.0 and M35.1: they are left out here",
    published=SHMI_PUBLISHED,
    not_for=f"{NOT_FOR}; the indicator itself leaves out the main diagnosis",
)
