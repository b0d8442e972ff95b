"""Elixhauser's measure of other illnesses, on the code groups of Quan 2005, with the points of van Walraven 2009.

Elixhauser A, Steiner C, Harris DR, Coffey RM. Med Care 1998; 36: 8-27. Quan H, Sundararajan V, Halfon P, et al. Med
Care 2005; 43: 1130-1139 (31 groups, 399 codes). van Walraven C, Austin PC, Jennings A, et al. Med Care 2009; 47:
626-633. Some codes belong to two groups (I42.6 is heart failure and alcohol, F31.5 psychosis and depression), and some
within a wider one (I11.0 is heart failure and high blood pressure with complications): both count.
"""

from locality.methods.scores import check_tables
from locality.methods.scores.method import Method

ELIXHAUSER = Method(
    name="elixhauser",
    title="Elixhauser measure, points of van Walraven",
    source="van Walraven 2009, Med Care 47: 626-633; codes of Quan 2005, Med Care 43: 1130-1139",
    groups=check_tables.groups("elixhauser.csv", key="group", points="van_walraven"),
    codes=check_tables.codes("elixhauser_quan_2005.csv"),
    published="made to foretell death in hospital, in one hospital in Ottawa",
    not_for="a person's own outlook: some illnesses lower it, because of who is coded with them",
)
