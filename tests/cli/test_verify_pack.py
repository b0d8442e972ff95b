"""`locality verify-pack`: a day pack is as it was made, was changed, or is none; without a database."""

import json

import pytest
from django.conf import settings
from typer.testing import CliRunner

from locality.cli import app
from locality.config import signing
from locality.neighbourhoods.rules.pack import signed


@pytest.fixture
def key(tmp_path, monkeypatch):
    found = signing.signing(tmp_path, make=True)
    monkeypatch.setattr(settings, "PACK_KEY", lambda: found)
    return found


def said(*told) -> tuple[int, str]:
    answer = CliRunner().invoke(app, ["verify-pack", *map(str, told)])
    return answer.exit_code, " ".join((answer.stdout + answer.stderr).split())


def test_a_pack_is_whole_changed_or_none(tmp_path, key):
    whole, changed, none = (tmp_path / name for name in ("whole.html", "changed.html", "none.html"))
    file = signed(b"<p>Penicillin: anaphylaxis</p>", sign=key.sign)
    whole.write_bytes(file)
    changed.write_bytes(file.replace(b"anaphylaxis", b"none known"))
    none.write_text("<p>Penicillin</p>")

    assert said(whole) == (0, "This day pack is as it was made.")
    assert said(changed)[0] == 1
    assert said(changed)[1].startswith("This day pack is not as it was made here")
    assert said(none) == (1, "This is no day pack: its last line holds no signature.")
    assert said(tmp_path / "nowhere.html")[1].endswith("cannot be read: No such file or directory.")


def test_a_pack_of_another_place_is_not_as_it_was_made_here(tmp_path, key):
    (tmp_path / "other").mkdir()
    other = signing.signing(tmp_path / "other", make=True)
    (tmp_path / "pack.html").write_bytes(signed(b"<p>Peggy</p>", sign=other.sign))

    code, line = said(tmp_path / "pack.html", "--json")

    assert (code, json.loads(line)["whole"]) == (1, False)
