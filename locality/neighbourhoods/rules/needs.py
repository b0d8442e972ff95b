"""What people need help with: poverty, debt, housing, work and food are needs like any other.

The codes are those that the directory's services are found by. No code of SNOMED stands beside them: none of them was
held against the terminology here.
"""

from collections.abc import Iterable

NEED_WORDS = {
    "money-and-debt": "Money and debt",
    "benefits": "Benefits",
    "housing": "Housing",
    "work": "Work",
    "food": "Food",
    "warmth": "Keeping warm",
    "loneliness": "Loneliness and company",
    "carers": "Caring for somebody",
    "falls-and-strength": "Falls, strength and balance",
    "memory": "Memory and dementia",
    "mood": "Mood and mental health",
    "addiction": "Alcohol, drugs and gambling",
    "smoking-and-weight": "Smoking, eating and weight",
    "getting-about": "Getting about",
    "at-home": "Managing at home",
    "learning": "Learning and reading",
    "domestic-abuse": "Domestic abuse",
    "bereavement": "Bereavement",
    "end-of-life": "Serious illness and end of life",
    "new-parents": "New parents and young children",
    "young-people": "Children and young people",
    "legal-and-immigration": "Law, rights and immigration",
    "other": "Something else",
}
# never told to whoever acts for somebody, nor in what is sent about them: it may be done to them by the reader
PRIVATE = frozenset({"domestic-abuse", "addiction"})


def is_private(need: str, of_service: Iterable[str] = ()) -> bool:
    """Whether an offer tells of such a need: by the one it is for, or by what its service is there for."""
    return not PRIVATE.isdisjoint({need, *of_service})


def need_words(code: str) -> str:
    """A need as people say it; a code that is not known, as it stands."""
    return NEED_WORDS.get(code, code)
