"""The commands that take services in and write them out."""

import json

import pytest
from typer.testing import CliRunner

from locality.cli import app
from locality.directory.models import Service
from tests import factories as make
from tests.directory.open_referral_samples import entry, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(tmp_path):
    make.place()

    def run(content: bytes, *words: str):
        file = tmp_path / "services.json"
        file.write_bytes(content)
        return CliRunner().invoke(app, ["directory-in", str(file), "--feed", "soup", *words])

    return run


def test_a_file_is_taken_in_and_said_in_a_sentence(ran):
    answer = ran(page(entry()))

    assert (answer.exit_code, answer.stderr) == (0, "soup: 1 received; 1 added.\n")
    assert Service.objects.count() == 1


def test_a_dry_run_names_what_would_change(ran):
    answer = ran(page(entry()), "--dry-run")

    assert answer.stderr == "soup: 1 received; would be 1 added.\n  new: Soup on Thursdays\n"
    assert Service.objects.count() == 0


def test_what_is_refused_is_named_and_the_command_does_not_end_well(ran):
    answer = ran(page(entry(), entry("Bad", status=None)), "--json")

    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["received"], told["added"]) == (1, 2, 1)
    assert [(one["name"], one["reasons"]) for one in told["refused"]] == [("Bad", ["'status' is missing."])]


def test_a_file_that_is_none_is_one_sentence(ran):
    answer = ran(b"[")

    assert (answer.exit_code, answer.stderr.startswith("The file is not JSON")) == (1, True)


def test_what_is_written_out_is_what_the_public_may_know(ran, tmp_path):
    ran(page(entry(), entry("Bread on Mondays")))
    Service.objects.filter(name="Bread on Mondays").update(is_public=False)
    out = tmp_path / "out.json"

    answer = CliRunner().invoke(app, ["directory-out", str(out), "--json"])

    told = json.loads(out.read_bytes())
    assert json.loads(answer.stdout)["services"] == 1
    assert [one["name"] for one in told["contents"]] == ["Soup on Thursdays"]
