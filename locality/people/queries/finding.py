"""Who is meant by a number, a name or a birth date."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from locality.people.models import Identifier, Link, NameWord, Patient, Person
from locality.people.queries.earlier import is_earlier
from locality.people.rules import NHS_NUMBER_SYSTEM, name_words


def found_by_number(number: str) -> QuerySet[Person]:
    """The people who hold this NHS number, whoever sent it."""
    holders = Identifier.objects.filter(value=number, system=NHS_NUMBER_SYSTEM).exclude(nhs_state="another's")
    linked = Link.objects.filter(ended_at=None, patient__in=holders.values("patient"))
    return _findable().filter(pk__in=linked.values("person"))


Born = tuple[date, date]  # between these days, both included: one day, or a year where only that is known


def found_by_name(*, words: str, born: Born | None, most: int) -> list[Person]:
    """People whose names are like each of these words, at most so many; a birth date, where given, must agree.

    Those named just so come first, in order of name, then those whose name is spelt alike or whom a sender names so.
    `words` is a sort key.
    """
    typed = name_words(words)
    if not typed:
        return []
    found: dict[UUID, Person] = {}
    for rows in _ways(typed, born):
        found |= {row.pk: row for row in rows.exclude(pk__in=found).order_by("sort_key", "id")[: most - len(found)]}
        if len(found) == most:
            break
    return list(found.values())


def _ways(typed: Sequence[str], born: Born | None) -> Iterator[QuerySet[Person]]:
    """Ways to find them, the surest and cheapest first: who has a common name is found without asking every sender."""
    people, patients = _findable(), Patient.objects.filter(active=True)
    if born is None:
        yield people.filter(*(_is_a_word("sort_key", word) for word in typed))
    else:
        patients = patients.filter(birth_on__range=born)
    alike = _spelt_alike(typed)
    if born is None and len(typed) == 1:
        # one word may be a slip of a common name
        yield people.filter(*(_contains("sort_key", [word, *alike[word]]) for word in typed))
    yield _linked(patients.filter(*(_contains("name_key", [word, *alike[word]]) for word in typed)))


def _is_a_word(key: str, word: str) -> Q:
    alone, inside = Q(**{key: word}), Q(**{f"{key}__contains": f" {word} "})
    return alone | inside | Q(**{f"{key}__startswith": f"{word} "}) | Q(**{f"{key}__endswith": f" {word}"})


def _contains(key: str, words: Sequence[str]) -> Q:
    return reduce(or_, (_has(key, word) for word in words))


def _has(key: str, word: str) -> Q:
    # the index knows three letters, or the first of a word: for two letters anywhere it would read every name
    if len(word) > INITIALS:
        return Q(**{f"{key}__contains": word})
    return Q(**{f"{key}__startswith": word}) | Q(**{f"{key}__contains": f" {word}"})


MOST_ALIKE = 20
# a short name with two of its letters changed is another name; with two of them swapped it shares hardly a trigram
SHORT, VERY_SHORT, INITIALS = 5, 4, 2


def _spelt_alike(typed: Sequence[str]) -> dict[str, list[str]]:
    """For each word, the words of people's names that a slip or two make of it, nearest first."""
    with connection.cursor() as cursor:
        # "magraret" for "margaret" is 0.38 alike
        cursor.execute("set local pg_trgm.word_similarity_threshold = 0.35")
    misspelt = [word for word in typed if len(word) > INITIALS]
    asked = reduce(or_, map(_may_be, misspelt), Q(pk__in=[]))
    words = NameWord.objects.alias(letters=Length("word")).filter(asked)
    known = set(words.values_list("word", flat=True))
    return {word: _nearest(word, known - {word}) if word in misspelt else [] for word in typed}


def _may_be(word: str) -> Q:
    if len(word) > SHORT:
        return Q(word__trigram_word_similar=word)
    return Q(word__startswith=word[0], letters__range=(len(word) - 1, len(word) + 1))


def _nearest(word: str, known: Collection[str]) -> list[str]:
    most = 1 if len(word) <= VERY_SHORT else 2
    slips = ((OSA.distance(word, one, score_cutoff=most), one) for one in known)
    return [one for count, one in sorted(slips) if count <= most][:MOST_ALIKE]


def found_by_birth_date(*, born: Born, most: int) -> QuerySet[Person]:
    """People born then: what is left to offer when no name is like the one asked for."""
    return _linked(Patient.objects.filter(active=True, birth_on__range=born)).order_by("sort_key", "id")[:most]


def _linked(patients: QuerySet[Patient]) -> QuerySet[Person]:
    links = Link.objects.filter(ended_at=None, patient__in=patients.values("pk"))
    return _findable().filter(pk__in=links.values("person"))


def _findable() -> QuerySet[Person]:
    """Everybody but aliases and earlier identities."""
    return Person.objects.filter(merged_into=None).exclude(is_earlier())
