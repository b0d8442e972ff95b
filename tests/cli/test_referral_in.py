"""`locality referral-in`: a message is taken in once; what is refused is kept, and why is said."""

import json

import pytest
from typer.testing import CliRunner

from locality.cli import app
from locality.neighbourhoods.models import Referral, ReferralReceived
from tests.neighbourhoods.test_bars import example, julie, sender

pytestmark = pytest.mark.django_db


def said(*told) -> tuple[int, str]:
    answer = CliRunner().invoke(app, ["referral-in", *map(str, told)])
    return answer.exit_code, " ".join((answer.stdout + answer.stderr).split())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "referral.json"
    path.write_text(json.dumps(example()))
    return path


def test_it_is_taken_in_once(file):
    julie()
    code = sender().code

    first, second = said(file, "--source", code), said(file, "--source", code, "--json")

    assert first == (0, "The referral is on the list of whoever is asked.")
    assert (second[0], json.loads(second[1])["unchanged"]) == (0, True)
    assert Referral.objects.count() == 1


def test_what_is_refused_is_kept_and_said(file, tmp_path):
    code = sender().code

    assert said(file, "--source", code) == (1, "Refused, and kept: Nobody here is known by this NHS number.")
    assert ReferralReceived.objects.get().refused == "Nobody here is known by this NHS number."
    assert said(tmp_path / "nowhere.json", "--source", code)[1].endswith("cannot be read: No such file or directory.")
