"""Staff come in through NHS Care Identity and people through NHS login: against a real provider, over HTTP."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from locality.access import actions
from locality.access.actions import ways_in
from locality.access.models import Account, Session, Subject, WayIn
from locality.access.queries import accounts
from locality.journal.models import Event
from locality.web import outbound, pages
from locality.web.sign_in import openid
from locality.web.sign_in.provider import Provider
from tests import factories as make
from tests.web import oidc

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough one"
KEYS = {code: RSAKey.generate_key(2048) for code in ("cis2", "nhs-login")}
AT_P9 = {"identity_proofing_level": "P9", "nhs_number": make.PEGGY_NUMBER, "birthdate": "1942-03-14"}


@pytest.fixture(scope="module")
def there():
    running = oidc.Running(KEYS)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def providers(settings, there):
    told = {"issuer": there.issuer, "second_factor_claim": "authentication_assurance_level"}
    told["second_factor_values"] = ("2", "3")
    settings.LOCALITY_URL = oidc.OURS
    settings.SIGN_ON = tuple(
        Provider(
            code=code,
            name=name,
            kind=kind,
            client_id=code,
            key=KEYS[code].as_pem(private=True).decode(),
            key_id=f"ours-{code}",
            help="Ring the Registration Authority.",
            **told,
        )
        for code, name, kind in (("cis2", "NHS Care Identity", "staff"), ("nhs-login", "NHS login", "people"))
    )
    openid._known.clear()
    pages._names.clear()
    make.place()
    return settings.SIGN_ON


def joanne() -> Account:
    who = make.practitioner()
    make.role(who)
    make.member(who, make.team())
    return actions.add_account(username="jo", password=PASSWORD, practitioner=who, by=make.viewer())


def sam():
    return make.viewer("administrator", given="Sam", at=make.datetime.now(make.UTC))


def known_peggy():
    row, (held,) = make.peggy("gp")
    make.identifier(held, make.PEGGY_NUMBER)
    return row


def joined(account: Account, sub: str, there: oidc.Running) -> Account:
    Subject.objects.create(account=account, issuer=there.issuer, subject=sub, linked_at=make.AT)
    return account


def come_back(browser: Client, there: oidc.Running, code: str = "cis2", **query: str):
    asked = browser.get(f"/sign-in/with/{code}", query)
    assert asked.status_code == 302, asked.content.decode()
    return browser.get(there.answer(asked.url))


def written(what: str) -> list[tuple[str, str]]:
    return list(Event.objects.filter(what=what).order_by("id").values_list("outcome", "reason"))


def test_staff_come_in_by_their_subject_with_a_second_factor(there):
    account = joined(joanne(), "555000111", there)
    there.be("555000111", authentication_assurance_level="3", nhsid_useruid="555000111")
    browser = Client()

    answer = come_back(browser, there, next="/find")

    assert (answer.status_code, answer.url) == (302, "/find")
    assert browser.get("/find").status_code == 200
    told = Event.objects.get(what="signed-in")
    assert (told.about_id, told.detail) == (account.pk, {"how": "cis2", "second_factor": True})


def test_what_is_asked_carries_pkce_state_and_nonce_and_no_secret(there):
    asked = parse_qs(urlsplit(Client().get("/sign-in/with/cis2").url).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge", "client_id", "redirect_uri", "response_type", "scope"} == (
        set(asked) - {"code_challenge_method"}
    )
    assert asked["redirect_uri"] == [f"{oidc.OURS}/sign-in/back/cis2"]


def test_a_subject_that_nobody_joined_is_told_whom_to_ask_and_no_account_is_found_by_name(there):
    joanne()
    there.be("jo", authentication_assurance_level="3", name="Joanne Fielding", preferred_username="jo")
    browser = Client()

    answer = come_back(browser, there)

    assert answer.status_code == 403
    assert "no account here is joined to it yet" in answer.content.decode()
    assert "Ring the Registration Authority." in answer.content.decode()
    assert browser.get("/find").status_code == 302
    assert written("sign-in") == [("refused", "not joined")]


def test_an_invitation_joins_an_account_once(there):
    account = joanne()
    token = ways_in.invite(account=account, token="t" * 40, by=sam())
    there.be("555000222", authentication_assurance_level="3")
    browser = Client()
    browser.get(f"/sign-in/link/invitation/{token}")
    assert "Use NHS Care Identity" in browser.get("/sign-in/new-password").content.decode()

    answer = come_back(browser, there)

    assert answer.url == "/"
    assert [(one.account_id, one.subject) for one in Subject.objects.all()] == [(account.pk, "555000222")]
    assert WayIn.objects.get().used_at is not None
    there.be("555000333", authentication_assurance_level="3")
    other = Client()
    other.get(f"/sign-in/link/invitation/{token}")
    assert other.get("/sign-in/new-password").status_code == 404
    assert come_back(other, there).status_code == 403


def test_the_organisation_chosen_there_chooses_among_the_roles_held_here_and_gives_none(there):
    account = joined(joanne(), "1", there)
    make.role(account.practitioner, "social_worker", organisation=make.organisation("council"))
    roles = [{"person_roleid": "r1", "org_code": "council", "role_code": "R0001"}]
    browser = Client()

    there.be("1", authentication_assurance_level="3", nhsid_nrbac_roles=roles, selected_roleid="r1")
    come_back(browser, there)
    assert "Social worker" in browser.get("/find").content.decode()

    there.be("1", nhsid_nrbac_roles=[{"person_roleid": "r1", "org_code": "MILL"}], selected_roleid="r1")
    assert come_back(Client(), there).url == "/role"


def test_without_a_second_factor_there_the_one_held_here_is_asked_for(there):
    account = joined(joanne(), "1", there)
    make.app(account)
    there.be("1", authentication_assurance_level="1")
    browser = Client()

    answer = come_back(browser, there)

    assert answer.url == "/sign-in/second-factor"
    assert browser.get("/find").status_code == 302


def test_a_person_comes_to_their_own_record_by_a_checked_nhs_number_and_birth_date(there):
    peggy = known_peggy()
    there.be("person-1", **AT_P9, authentication_assurance_level="2")
    browser = Client()

    first = come_back(browser, there, "nhs-login")
    viewer = accounts.person_viewer(account_id=Account.objects.get(person=peggy).pk, at=make.AT)

    assert first.status_code == 302
    assert (viewer.kind, viewer.id) == ("person", peggy.pk)
    # the second time by the subject alone, whatever the number says
    there.be("person-1", identity_proofing_level="P9")
    assert come_back(Client(), there, "nhs-login").status_code == 302
    assert Account.objects.filter(person=peggy).count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        AT_P9 | {"identity_proofing_level": "P5"},
        AT_P9 | {"nhs_number": "9990000026"},
        AT_P9 | {"birthdate": "1942-03-15"},
        AT_P9 | {"birthdate": ""},
        AT_P9 | {"nhs_number": ""},
    ],
    ids=["not proven", "another number", "another birthday", "no birthday", "no number"],
)
def test_a_person_who_does_not_fit_is_nobody(there, claims):
    known_peggy()
    there.be("person-2", **claims)

    answer = come_back(Client(), there, "nhs-login")

    assert answer.status_code == 403
    assert Account.objects.count() == 0


def test_a_person_who_died_or_lives_under_another_identity_now_is_nobody(there):
    peggy = known_peggy()
    there.be("person-3", **AT_P9)
    type(peggy).objects.filter(pk=peggy.pk).update(died=True)

    assert come_back(Client(), there, "nhs-login").status_code == 403

    type(peggy).objects.filter(pk=peggy.pk).update(died=False)
    come_back(Client(), there, "nhs-login")
    make.earlier_identity(make.person("Lind", "Rosa"), peggy)
    assert come_back(Client(), there, "nhs-login").status_code == 403


def test_a_staff_subject_is_not_a_person_and_a_persons_is_not_staff(there):
    joined(joanne(), "1", there)
    there.be("1", **AT_P9)

    assert come_back(Client(), there, "nhs-login").status_code == 403


def test_an_answer_counts_once_in_the_browser_that_asked_and_not_late(there):
    joined(joanne(), "1", there)
    there.be("1", authentication_assurance_level="3")
    browser = Client()
    address = there.answer(browser.get("/sign-in/with/cis2").url)

    assert Client().get(address).status_code == 403  # another browser: login CSRF
    wrong_state = address.replace("state=", "state=x")
    assert browser.get(wrong_state).status_code == 403
    assert browser.get(address).status_code == 403  # the question was used up
    late = Client()
    address = there.answer(late.get("/sign-in/with/cis2").url)
    with time_machine.travel(make.datetime.now(make.UTC) + timedelta(minutes=11), tick=False):
        assert late.get(address).status_code == 403
    assert Session.objects.exclude(account=None).count() == 0


def test_a_code_given_to_one_question_does_not_answer_another(there):
    """The code of an attacker's own sign-in, put into somebody else's browser with that browser's state."""
    joined(joanne(), "1", there)
    there.be("1", authentication_assurance_level="3")
    attacker, victim = Client(), Client()
    stolen = parse_qs(urlsplit(there.answer(attacker.get("/sign-in/with/cis2").url)).query)
    state = parse_qs(urlsplit(victim.get("/sign-in/with/cis2").url).query)["state"][0]

    answer = victim.get("/sign-in/back/cis2", {"code": stolen["code"][0], "state": state, "iss": there.issuer})

    assert answer.status_code == 403
    assert written("sign-in") == [("refused", "not trusted")]


def test_an_answer_that_names_another_issuer_is_not_taken_to_this_one(there):
    joined(joanne(), "1", there)
    there.be("1")
    browser = Client()
    address = there.answer(browser.get("/sign-in/with/cis2").url)

    answer = browser.get(address.replace(f"localhost%3A{there.port}", "evil.example"))

    assert answer.status_code == 403


def test_keys_that_the_provider_changed_are_fetched_again(there):
    joined(joanne(), "1", there)
    there.be("1", authentication_assurance_level="3")
    start = make.datetime.now(make.UTC)
    assert come_back(Client(), there).status_code == 302

    there.rotate()

    with time_machine.travel(start + timedelta(seconds=30)):
        assert come_back(Client(), there).status_code == 302


def test_a_provider_that_is_down_lets_nobody_past_and_whoever_is_in_stays(there, settings):
    joined(joanne(), "1", there)
    there.be("1", authentication_assurance_level="3")
    inside = Client()
    come_back(inside, there)
    openid._known.clear()
    down = settings.SIGN_ON[0]
    settings.SIGN_ON = (Provider(**{**as_words(down), "issuer": "http://localhost:9"}),)

    answer = Client().get("/sign-in/with/cis2")

    assert answer.status_code == 503
    assert "Whoever is signed in already stays so" in answer.content.decode()
    assert inside.get("/find").status_code == 200
    by_password = Client()
    by_password.post("/sign-in", {"username": "jo", "password": PASSWORD})
    assert by_password.get("/find").status_code == 200


def as_words(provider: Provider) -> dict:
    return {name: getattr(provider, name) for name in Provider.__slots__}


def test_proving_again_goes_to_the_provider_and_only_the_same_subject_passes(there):
    joined(joanne(), "1", there)
    there.be("1", authentication_assurance_level="3")
    browser = Client()
    come_back(browser, there)
    asked = parse_qs(urlsplit(browser.get("/sign-in/with/cis2").url).query)
    assert (asked["max_age"], asked["prompt"]) == (["0"], ["login"])

    assert come_back(browser, there).url == "/"
    there.be("2", authentication_assurance_level="3")

    assert come_back(browser, there).status_code == 403
    assert written("sign-in.proved-again") == [("done", "")]


def test_a_sign_on_without_a_second_factor_does_not_prove_again_for_whoever_has_one_and_says_so(there):
    account = joined(joanne(), "1", there)
    make.app(account)
    moment = make.datetime.now(make.UTC)
    browser = Client()
    browser.post("/sign-in", {"username": "jo", "password": PASSWORD})
    browser.post("/sign-in/second-factor", {"code": make.code_of_app(moment)})
    session = browser.session
    session["factor"] = session["proved"] = (moment - timedelta(minutes=16)).isoformat()
    session.save()
    assert browser.get("/account/app").url == "/account/prove"
    there.be("1", authentication_assurance_level="1")

    answer = come_back(browser, there)

    assert (answer.status_code, "needs it" in answer.content.decode()) == (403, True)
    assert (written("sign-in.proved-again"), browser.get("/account/app").url) == ([], "/account/prove")
    there.be("1", authentication_assurance_level="3")
    assert come_back(browser, there).url == "/account/app"
    assert browser.get("/account/app").status_code == 200


def test_only_what_counts_is_offered_to_whoever_came_in_with_a_providers_second_factor(there, settings):
    joined(joanne(), "1", there)
    there.be("1", authentication_assurance_level="3")
    browser = Client()
    come_back(browser, there)

    offered = browser.get("/account/prove").content.decode()
    by_password = browser.post("/account/prove", {"password": PASSWORD})
    settings.SIGN_ON = tuple(Provider(**as_words(one) | {"second_factor_values": ()}) for one in settings.SIGN_ON)
    none_left = browser.get("/account/prove").content.decode()

    assert ("Say so through NHS Care Identity" in offered, 'name="password"' in offered) == (True, False)
    assert (by_password.status_code, written("sign-in.proved-again")) == (200, [])
    assert ("Say so through" in none_left, "Sign out, then sign in again with it" in none_left) == (False, True)


# ---- what a provider, or somebody who plays one, might send: the checks alone, on tokens of a key of ours


THEIRS = RSAKey.generate_key(2048, parameters={"kid": "theirs"})
NOW = make.AT


def token(key: RSAKey = THEIRS, *, header: dict | None = None, **claims: object) -> str:
    moment = int(NOW.timestamp())
    told = {"iss": "https://id.example", "aud": "us", "sub": "1", "nonce": "n", "iat": moment, "exp": moment + 60}
    told = {name: value for name, value in (told | claims).items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": "theirs"} | (header or {}), told, key, algorithms=["RS256", "RS512"])


def checked(text: str, *, accepts: tuple[str, ...] = ("RS256",), again: bool = False) -> dict:
    ours = Provider(
        code="x", name="X", kind="staff", issuer="https://id.example", client_id="us", key="", accepts=accepts
    )
    keys = openid.KeySet([THEIRS])
    known = openid.Known({"jwks_uri": "https://id.example/keys"}, keys, NOW, NOW)
    asked = openid.Asked("x", "s", "n", "v", "", NOW.isoformat(), again=again)
    return openid._id_token(ours, None, known, text, asked=asked, at=NOW)


def test_a_token_that_fits_is_believed_and_clocks_may_differ_a_little():
    moment = int(NOW.timestamp())

    assert checked(token())["sub"] == "1"
    assert checked(token(exp=moment - 30, iat=moment + 30))["sub"] == "1"
    assert checked(token(aud=["us", "others"], azp="us"))["sub"] == "1"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": ["us", "others"]},
        {"aud": ["us", "others"], "azp": "others"},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"iat": int(NOW.timestamp()) + 3600},
        {"iat": None},
    ],
    ids=str,
)
def test_a_token_that_does_not_fit_is_not_believed(claims):
    with pytest.raises(openid.NotTrusted):
        checked(token(**claims))


def test_a_token_of_another_key_of_no_key_or_of_a_shared_secret_is_not_believed():
    for text in (
        token(RSAKey.generate_key(2048, parameters={"kid": "theirs"})),
        token(header={"alg": "RS512"}),
        "eyJhbGciOiJub25lIn0." + token().split(".")[1] + ".",
        "not a token",
    ):
        with pytest.raises(openid.NotTrusted):
            checked(text)


def test_an_old_answer_does_not_prove_again():
    old = int((NOW - timedelta(minutes=20)).timestamp())

    with pytest.raises(openid.NotTrusted):
        checked(token(auth_time=old), again=True)
    assert checked(token(auth_time=int(NOW.timestamp())), again=True)["sub"] == "1"


def test_nothing_goes_out_but_to_the_named_servers_and_no_redirect_is_followed(there):
    session = openid.OAuth2Session("x", "y")
    outbound.limit(session, hosts={there.issuer})

    for address in ("http://169.254.169.254/latest", "http://localhost:9/x", "https://evil.example/"):
        with pytest.raises(outbound.NotReached):
            session.get(address, withhold_token=True)
    assert session.get(f"{there.issuer}/jwks", withhold_token=True).status_code == 200


def test_two_places_birthdays_are_read_as_days_alone():
    assert [accounts_day(words) for words in ("1942-03-14", "1942", "", "12/02/1942")] == [
        date(1942, 3, 14),
        None,
        None,
        None,
    ]


def accounts_day(words: str) -> date | None:
    from locality.web.sign_in.sign_on import _day

    return _day(words)
