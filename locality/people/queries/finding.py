"""Who is meant by a number, a name or a birth date."""

from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from locality.people.models import Identifier, Link, Patient, Person
from locality.people.queries.earlier import earlier_people
from locality.people.rules import NHS_NUMBER_SYSTEM


def found_by_number(number: str) -> QuerySet[Person]:
    """The people who hold this NHS number, whoever sent it."""
    holders = Identifier.objects.filter(value=number, system=NHS_NUMBER_SYSTEM).exclude(nhs_state="another's")
    linked = Link.objects.filter(ended_at=None, patient__in=holders.values("patient"))
    return Person.objects.filter(pk__in=linked.values("person"), merged_into=None).exclude(pk__in=earlier_people())


Born = tuple[date, date]  # between these days, both included: one day, or a year where only that is known


def found_by_name(*, words: str, born: Born | None, most: int) -> QuerySet[Person]:
    """People each of these words is like a name of, in order of name; a birth date, where given, must agree.

    `words` is a sort key. Word similarity forgives a slip or two in each word (pg_trgm).
    """
    with connection.cursor() as cursor:
        # "margret" for "margaret" is 0.55 alike; the extension's own 0.6 would not forgive it
        cursor.execute("set local pg_trgm.word_similarity_threshold = 0.45")
    rows = Patient.objects.filter(active=True)
    if born is not None:
        rows = rows.filter(birth_on__range=born)
    for word in words.split(" "):
        rows = rows.filter(Q(name_key__trigram_word_similar=word) | Q(name_key__contains=word))
    return _linked(rows).order_by("sort_key", "id")[:most]


def found_by_birth_date(*, born: Born, most: int) -> QuerySet[Person]:
    """People born then: what is left to offer when no name is like the one asked for."""
    return _linked(Patient.objects.filter(active=True, birth_on__range=born)).order_by("sort_key", "id")[:most]


def _linked(patients: QuerySet[Patient]) -> QuerySet[Person]:
    links = Link.objects.filter(ended_at=None, patient__in=patients.values("pk"))
    return Person.objects.filter(pk__in=links.values("person"), merged_into=None).exclude(pk__in=earlier_people())
