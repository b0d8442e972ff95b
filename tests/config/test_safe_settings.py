"""Nothing is served that is unsafe for real people's records, and what is served says so in its headers."""

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from locality.base import Refused
from locality.config import providers, serving, signing
from locality.web import pages
from tests import factories as make

KEY = "kCw2mB8rT5xZq9LdVh3NfYg7JpSs1Ua4EoWi6RtXyMzAbCdQe0"
COMMAND = "from locality.cli import app; app()"
EARNEST = {"LOCALITY_TLS": "1", "LOCALITY_HOSTS": "here.example", "LOCALITY_URL": "https://here.example"}


def run(tmp_path, *words: str, **more: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOCALITY_")}
    told = {"LOCALITY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "locality.config.settings", "SECRET_KEY": KEY}
    return subprocess.run(
        [sys.executable, "-W", "ignore", *words], env=kept | told | more, capture_output=True, text=True, timeout=60
    )


def test_djangos_own_check_for_deployment_has_nothing_to_say(tmp_path):
    done = run(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING", **EARNEST)

    assert (done.returncode, done.stdout) == (0, "System check identified no issues (1 silenced).\n")


def test_over_https_cookies_are_the_hosts_own_and_scripts_cannot_read_them(tmp_path):
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    names += ["SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT"]
    names += ["SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECOND_FACTOR", "PROXIES"]
    words = f"import json; from django.conf import settings; print(json.dumps([getattr(settings, n) for n in {names}]))"

    told = json.loads(run(tmp_path, "-c", words, **EARNEST).stdout)

    assert told == [
        *("__Host-locality", "__Host-locality-form", True, True),
        *(True, True, "Lax", True),
        *(31_536_000, True, True, 1),
    ]


@pytest.fixture
def in_earnest(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(serving.database, "ready", lambda: None)
    settings.DATABASE_URL, settings.LOCALITY_TRIAL, settings.DEMO_ACCOUNTS = "postgres://there/db", False, ""
    settings.LOCALITY_TLS = settings.SECOND_FACTOR = True
    settings.LOCALITY_URL, settings.ALLOWED_HOSTS = "https://here.example", ["here.example"]
    settings.SECRET_KEY, settings.LOCALITY_HOME, settings.LOCALITY_AUDIT_COPIES = KEY, tmp_path, []
    return settings


def test_what_is_safe_is_served(in_earnest):
    serving.ready()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, "LOCALITY_DEBUG"),
        ("SECRET_KEY", KEY[:49], "SECRET_KEY"),
        ("SECRET_KEY", "x" * 60, "SECRET_KEY"),
        ("SECRET_KEY", f"django-insecure-{KEY}", "SECRET_KEY"),
        ("ALLOWED_HOSTS", ["*"], "LOCALITY_HOSTS"),
        ("ALLOWED_HOSTS", ["here.example", "*"], "LOCALITY_HOSTS"),
        ("LOCALITY_TLS", False, "LOCALITY_TLS"),
        ("LOCALITY_URL", "http://here.example", "LOCALITY_URL"),
        ("LOCALITY_URL", "https://elsewhere.example", "LOCALITY_URL"),
        ("SECOND_FACTOR", False, "LOCALITY_SECOND_FACTOR"),
    ],
)
@pytest.mark.parametrize("accounts", ["", "accounts.json"])
def test_what_is_unsafe_is_not_served_the_demos_accounts_or_none(in_earnest, name, value, said, accounts):
    in_earnest.DEMO_ACCOUNTS = accounts
    setattr(in_earnest, name, value)

    with pytest.raises(Refused) as refused:
        serving.ready()

    assert said in str(refused.value)


def test_an_audit_key_that_is_gone_is_not_made_anew(in_earnest, tmp_path):
    serving.ready()
    (tmp_path / signing.HEADS).write_text('{"seal": 1, "head": "00", "signature": "00"}\n')
    serving.ready()
    (tmp_path / signing.KEY).unlink()

    with pytest.raises(Refused) as refused:
        serving.ready()

    assert "no key that seals the audit" in str(refused.value)


def test_a_trial_says_that_it_is_one(in_earnest):
    in_earnest.LOCALITY_TLS, in_earnest.LOCALITY_TRIAL = False, True

    serving.ready()


@pytest.mark.parametrize("more", [{}, {"LOCALITY_DEMO_ACCOUNTS": "accounts.json"}])
def test_the_demo_is_made_on_no_server_that_is_not_said_to_be_for_trying_out(tmp_path, more):
    done = run(tmp_path, "-c", COMMAND, "demo", "--no-serve", DATABASE_URL="postgres://127.0.0.1:9/db", **more)

    assert (done.returncode, done.stderr) == (
        1,
        "DATABASE_URL names a server, and invented people do not belong among real ones. "
        "Unset it, or set LOCALITY_TRIAL=1 if nobody real is in that database.\n",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in", "/find", "/nowhere", "/static/locality.css"])
def test_every_answer_carries_the_headers(address):
    pages._names.clear()
    make.place()

    answer = Client().get(address)
    answer.close()

    assert answer.status_code == {"/find": 302, "/nowhere": 404}.get(address, 200)
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    if not address.startswith("/static"):
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"
        policy = {part.split()[0]: part.split()[1:] for part in answer["Content-Security-Policy"].split("; ")}
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
        assert policy["style-src"] == policy["connect-src"] == policy["form-action"] == ["'self'"]
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"]


# ---- providers of sign-on

GOOD = """
[[provider]]
code = "cis2"
name = "NHS Care Identity"
kind = "staff"
issuer = "https://id.example"
client_id = "us"
key_file = "key.pem"
second_factor_values = ["3"]
ask = { acr_values = "AAL3_ANY" }
"""


def test_a_provider_is_read_from_a_file_with_its_key_beside_it(tmp_path):
    (tmp_path / "key.pem").write_text("PEM")
    (tmp_path / "sign_on.toml").write_text(GOOD)

    (one,) = providers.read(str(tmp_path / "sign_on.toml"))

    assert (one.code, one.kind, one.key, one.second_factor_values) == ("cis2", "staff", "PEM", ("3",))
    assert one.ask == {"acr_values": "AAL3_ANY"}
    assert providers.read("") == ()


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('kind = "staff"', 'kind = "anybody"', "kind is staff or people"),
        ("https://id.example", "http://id.example", "issuer begins with https"),
        ('client_id = "us"', "", "says no client_id"),
        ('client_id = "us"', 'client_id = "us"\nclient_secret = "x"', "does not know client_secret"),
        ("key.pem", "gone.pem", "key_file: No such file"),
        ("[[provider]]", "[[provider", "sign_on.toml"),
        ("[[provider]]", f"{GOOD}\n[[provider]]", "the same code"),
    ],
)
def test_a_provider_that_is_not_well_said_stops_the_start(tmp_path, was, becomes, said):
    (tmp_path / "key.pem").write_text("PEM")
    (tmp_path / "sign_on.toml").write_text(GOOD.replace(was, becomes, 1))

    with pytest.raises(ImproperlyConfigured) as refused:
        providers.read(str(tmp_path / "sign_on.toml"))

    assert said in str(refused.value)
