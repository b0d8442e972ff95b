"""Many who try one name at the same time: nobody is held up, nothing is told by it, and every try counts."""

from threading import Barrier

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from locality.access.actions import add_account, try_password
from locality.access.models import WrongTry
from locality.access.rules.signing_in import WRONG_TRIES
from tests import factories as make
from tests.access.test_postings_together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]

PASSWORD = "a long enough one"
PATIENCE_SECONDS = 20


@pytest.fixture
def ruth():
    return add_account(username="ruth", password=PASSWORD, practitioner=make.practitioner("Ruth"), by=make.viewer())


def tried(name: str, password: str = "wrong"):
    return lambda: try_password(username=name, password=password, at=make.AT, network="192.0.2.1")


@pytest.mark.parametrize("name", ["ruth", "nobody"])
def test_two_tries_of_one_name_are_hashed_side_by_side_whether_anybody_has_it(ruth, name, monkeypatch):
    """Each hash waits for the other: were one held up until the other is done, neither would ever be."""
    both, encode = Barrier(2), MD5PasswordHasher.encode

    def beside_the_other(self, *words):
        both.wait(PATIENCE_SECONDS)
        return encode(self, *words)

    monkeypatch.setattr(MD5PasswordHasher, "encode", beside_the_other)

    assert at_once(tried(name), tried(name)) == [None, None]
    assert WrongTry.objects.count() == 2


@pytest.mark.parametrize("name", ["ruth", "nobody"])
def test_of_many_wrong_tries_at_once_no_more_are_looked_at_than_of_as_many_in_turn(ruth, name):
    answers = at_once(*[tried(name)] * (WRONG_TRIES + 3))

    assert answers == [None] * (WRONG_TRIES + 3)
    assert WrongTry.objects.count() == WRONG_TRIES


def test_a_right_password_among_too_many_wrong_ones_lets_nobody_in(ruth):
    at_once(*[tried("ruth")] * (WRONG_TRIES + 1))

    assert at_once(tried("ruth", PASSWORD), tried("ruth", PASSWORD)) == [None, None]
