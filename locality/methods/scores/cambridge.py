"""Cambridge Multimorbidity Score: 20 conditions, points for the general outcome.

Payne RA, Mendonca SC, Elliott MN, et al. Development and validation of the Cambridge Multimorbidity Score. CMAJ 2020;
192: E107-E114. The conditions are those of general practice (diagnoses and prescriptions); the code lists are not ours
to copy, so a table names the conditions, or brings its own list of codes.
"""

from locality.methods.scores import check_tables
from locality.methods.scores.method import Method

GROUPS = check_tables.groups("cambridge.csv", key="condition", points="points", units=100)

CAMBRIDGE = Method(
    name="cambridge",
    title="Cambridge Multimorbidity Score",
    source="Payne 2020, CMAJ 192: E107-E114",
    groups=GROUPS,
    codes=check_tables.themselves(GROUPS),
    units=100,
    begins=False,
    reads="names of its 20 conditions",
    read=check_tables.reading_names(GROUPS, "one of the 20 conditions"),
    published="C 0.738 for unplanned admission within a year (Charlson 0.703), 0.727 for consultations and 0.910 for"
    " death, in 150,000 people of English general practice",
    not_for="hospital diagnoses alone: it was made on general practice records and prescriptions",
)
