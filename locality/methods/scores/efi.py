"""Electronic Frailty Index: how many of 36 deficits a person has, of 36.

Clegg A, Bates C, Young J, et al. Development and validation of an electronic frailty index using routine primary care
electronic health record data. Age Ageing 2016; 45: 353-360. Only the arithmetic: the code sets are not ours to copy, so
a table names the deficits, or brings its own list of codes. The bands were not read in the paper.
"""

from locality.methods.scores import check_tables
from locality.methods.scores.method import Band, Method

GROUPS = check_tables.groups("efi.csv", key="deficit")
DEFICITS = 36

EFI = Method(
    name="efi",
    title="Electronic Frailty Index",
    source="Clegg 2016, Age Ageing 45: 353-360",
    groups=GROUPS,
    codes=check_tables.themselves(GROUPS),
    units=DEFICITS,
    # up to 0.12, 0.24 and 0.36 of 36
    bands=(Band("fit", 4), Band("mild", 8), Band("moderate", 12), Band("severe", None)),
    begins=False,
    reads="names of its 36 deficits",
    read=check_tables.reading_names(GROUPS, "one of the 36 deficits"),
    verified=False,
    unverified="the bands (0.12, 0.24, 0.36) are as they are usually told, not read in the paper",
    published="hazard of death within a year 1.92, 3.10 and 4.52 times that of the fit for mild, moderate and severe,"
    " in 931,541 people of 65 to 95; its successor eFI2: C 0.803 where it was built, 0.723 elsewhere",
    not_for="people under 65, or saying that someone is frail: it is a reason to look, not a diagnosis",
)
