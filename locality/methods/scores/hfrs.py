"""Hospital Frailty Risk Score.

Gilbert T, Neuburger J, Kraindler J, et al. Development and validation of a Hospital Frailty Risk Score focusing on
older people in acute care settings using electronic hospital records. Lancet 2018; 391: 1775-1782. All 109 codes and
points are in `data/hfrs.csv`. A code counts once, however often it was given; exactly 5 is intermediate.
"""

from locality.methods.scores import check_tables
from locality.methods.scores.method import Band, Method

GROUPS = check_tables.groups("hfrs.csv", key="code", points="points", units=10)

HFRS = Method(
    name="hfrs",
    title="Hospital Frailty Risk Score",
    source="Gilbert 2018, Lancet 391: 1775-1782",
    groups=GROUPS,
    codes=check_tables.themselves(GROUPS),
    units=10,
    bands=(Band("low", 49), Band("intermediate", 150), Band("high", None)),
    # the stay itself and the emergency admissions of the two years before
    years=2,
    published="c statistics 0.60 for death within 30 days, 0.68 for a long stay and 0.56 for readmission within 30"
    " days, in 1,013,590 people of 75 and over in English hospitals",
    not_for="people under 75, people never in hospital, or deciding for one person: it sorts hospital populations",
)
