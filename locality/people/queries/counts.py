"""How many people are held here: figures, about nobody."""

from locality.people.models import Person
from locality.people.queries.earlier import is_earlier


def people_held() -> int:
    """How many people organisations have told of, each once, whoever lived under an earlier identity too."""
    return Person.objects.filter(merged_into=None).exclude(is_earlier()).count()
