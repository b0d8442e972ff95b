"""The groups that figures are told by: fifths of deprivation and ethnic groups, one vocabulary for every table."""

NOT_KNOWN = "not known"
FIFTHS = ("1 (most deprived)", "2", "3", "4", "5 (least deprived)")
# the letters of the NHS Data Dictionary's ethnic categories, in the groups of its headings
ETHNIC_GROUPS = {
    "Asian or Asian British": "HJKL",
    "Black or Black British": "MNP",
    "Mixed": "DEFG",
    "Other ethnic groups": "RS",
    "White": "ABC",
}


def fifth_of(tenth: int | None) -> str:
    """The fifth of the country that a tenth (1 the most deprived) lies in."""
    return FIFTHS[(tenth - 1) // 2] if tenth else NOT_KNOWN


def ethnic_group_of(letter: str | None) -> str:
    """The group of an ethnic category."""
    return next((group for group, letters in ETHNIC_GROUPS.items() if letter and letter in letters), NOT_KNOWN)
