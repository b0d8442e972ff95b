"""Before a page is served, and what is written about it afterwards."""

import gc
import json
import logging
import os
import re
import stat

import pytest
from django.urls import get_resolver

from locality.base import Refused
from locality.config import home, pseudonyms, serving, signing
from locality.config.settings import LOGGING


@pytest.mark.django_db(transaction=True)
def test_pages_are_not_served_with_debug_on(settings):
    settings.DEBUG = True

    with pytest.raises(Refused) as refused:
        serving.ready()

    assert str(refused.value) == "Pages are not served with LOCALITY_DEBUG on: its error pages show what records hold."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["", "x" * 49])
def test_pages_are_not_served_with_a_key_that_can_be_guessed(settings, key):
    settings.SECRET_KEY = key

    with pytest.raises(Refused) as refused:
        serving.ready()

    assert str(refused.value) == "Set SECRET_KEY to at least 50 letters that nobody can guess."


def test_the_search_for_garbage_leaves_out_what_every_page_needs():
    pages = get_resolver().url_patterns
    try:
        serving.settle_in()
        searched = {id(one) for one in gc.get_objects()}
    finally:
        gc.unfreeze()

    assert [one.name for one in pages if id(one) in searched] == []
    assert {id(one) for one in pages} <= {id(one) for one in gc.get_objects()}


def test_a_home_has_one_secret_key_for_itself_alone(tmp_path):
    assert home.secret_key(tmp_path / "home") == ""

    home.make(tmp_path / "home")
    first = home.secret_key(tmp_path / "home")
    home.make(tmp_path / "home")
    home.make(tmp_path / "another")

    assert len(first) > home.SHORTEST_SECRET_KEY
    assert home.secret_key(tmp_path / "home") == first
    assert home.secret_key(tmp_path / "another") != first
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "home", tmp_path / "home" / home.SECRET_KEY)]
    assert modes == [0o700, 0o600]
    assert [path.name for path in (tmp_path / "home").iterdir()] == [home.SECRET_KEY]


@pytest.mark.parametrize(
    ("made", "name"), [(signing.signing, signing.KEY), (pseudonyms.copy_key, pseudonyms.KEY)], ids=["audit", "copy"]
)
def test_what_a_killed_start_left_behind_keeps_no_key_from_being_made(tmp_path, made, name):
    (tmp_path / name).with_suffix(f".{os.getpid()}").write_bytes(b"half a k")

    made(tmp_path, make=True)

    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert (tmp_path / name).stat().st_size == 32


def test_a_home_that_cannot_be_made_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(Refused) as refused:
        home.make(tmp_path / "file" / "home")

    assert str(refused.value) == f"The folder {tmp_path}/file/home (LOCALITY_HOME) cannot be used: Not a directory."


def test_the_log_says_where_it_failed_but_not_the_words():
    formatter = logging.config.DictConfigurator(LOGGING).configure_formatter(dict(LOGGING["formatters"]["json"]))
    record = logging.makeLogRecord(
        {"msg": "Internal Server Error: /find", "levelname": "ERROR", "name": "django.request"}
    )
    try:
        raise ValueError("Margaret 999 123 4567")
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)

    said = formatter.format(record)

    assert re.sub(r'"timestamp": "[^"]+"', '"timestamp": ""', said) == (
        '{"event": "Internal Server Error: /find", "level": "error", "timestamp": "", "error": "ValueError", '
        f'"where": ["{__file__}:{record.exc_info[2].tb_lineno} test_the_log_says_where_it_failed_but_not_the_words"]}}'
    )


@pytest.mark.parametrize("path", ["/referral/link/{}", "/sign-in/link/invitation/{}"])
def test_the_log_holds_no_secret_of_a_link(path):
    formatter = logging.config.DictConfigurator(LOGGING).configure_formatter(dict(LOGGING["formatters"]["json"]))
    words = f"Not Found: {path.format('n0body-is-to-read-this')}"

    said = formatter.format(logging.makeLogRecord({"msg": words, "levelname": "WARNING", "name": "django.request"}))

    assert json.loads(said)["event"] == f"Not Found: {path.format('...')}"
