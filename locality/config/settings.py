"""What may differ between two places that run Locality, read from the environment, and what may not."""

from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from environs import env

from locality.config import database, home, logs, providers, pseudonyms, signing

# where this machine keeps what belongs to this place: the database, the secret key, the collected static files
LOCALITY_HOME = Path(env.str("LOCALITY_HOME", ".locality")).absolute()
# the pack that describes the place; without a name, the one marked as the default
LOCALITY_PLACE = env.str("LOCALITY_PLACE", "")
# where copies of the head of the audit go, besides LOCALITY_HOME: a folder of another machine
LOCALITY_AUDIT_COPIES: list[Path] = list(map(Path, env.list("LOCALITY_AUDIT_COPIES", [])))
# whether people reach us by https; without it, for trying out on one's own machine
LOCALITY_TLS = env.bool("LOCALITY_TLS", False)
# said where a server of one's own is used and nobody real is in it: then pages are served without https
LOCALITY_TRIAL = env.bool("LOCALITY_TRIAL", False)
# what links in mail begin with: never what a request says of itself
LOCALITY_URL = env.str("LOCALITY_URL", "http://localhost:8000").rstrip("/")
# how many proxies of ours add the address they saw to X-Forwarded-For
PROXIES = env.int("LOCALITY_PROXIES", 1 if LOCALITY_TLS else 0)
# whether the roles that need a second factor (access/rules/signing_in.py) are asked for one; off only for trying out
SECOND_FACTOR = env.bool("LOCALITY_SECOND_FACTOR", LOCALITY_TLS)
# whether everybody is, in whatever role, and people who sign in for themselves too
SECOND_FACTOR_FOR_ALL = env.bool("LOCALITY_SECOND_FACTOR_FOR_ALL", False)
# providers of sign-on: a file (docs/operating.md)
SIGN_ON = providers.read(env.str("LOCALITY_SIGN_ON", ""))
# whom somebody asks who cannot sign in, in words
SIGN_IN_HELP = env.str("LOCALITY_SIGN_IN_HELP", "Ask your organisation's administrator of Locality.")

DATABASE_URL = env.str("DATABASE_URL", "")
# a login for migrations, when the application's own is not to own the tables
LOCALITY_OWNER_URL = env.str("LOCALITY_OWNER_URL", "")
DATABASES = {"default": database.given(DATABASE_URL) if DATABASE_URL else database.embedded(LOCALITY_HOME)}

SECRET_KEY = env.str("SECRET_KEY", "") or home.secret_key(LOCALITY_HOME)
# the key of the analytical copy's pseudonyms, read when somebody goes back from one to a person
COPY_KEY = partial(pseudonyms.copy_key, LOCALITY_HOME)
# the key that signs a day pack, the same that seals the audit; read when somebody takes one along
PACK_KEY = partial(signing.signing, LOCALITY_HOME)
# keys of before, so that what they sealed still opens while everybody moves to the new one
SECRET_KEY_FALLBACKS: list[str] = env.list("LOCALITY_OLD_SECRET_KEYS", [])
DEBUG = env.bool("LOCALITY_DEBUG", False)
ALLOWED_HOSTS = env.list("LOCALITY_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if LOCALITY_TLS else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    # text search by likeness, array columns
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "locality.journal",
    "locality.directory",
    "locality.people",
    "locality.access",
    "locality.record",
    "locality.neighbourhoods",
    "locality.population",
    "locality.web",
]
FIRST_PARTY_APPS = [name for name in INSTALLED_APPS if name.startswith("locality.")]
if find_spec("django_linear_migrations"):
    # it writes files beside the migrations, so only those who make them need it
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "locality.web.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "locality.web.refusals.Refusals",
]

ROOT_URLCONF = "locality.config.urls"
WSGI_APPLICATION = "locality.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "locality.web.jinja.environment"},
    }
]

AUTH_USER_MODEL = "access.Account"
LOGIN_URL = "sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# whoever stops looking is signed out, and whoever never stops is too; the web holds both
SESSION_IDLE = timedelta(minutes=30)
SESSION_LONGEST = timedelta(hours=10)
SESSION_ENGINE = "locality.access.sessions"
SESSION_COOKIE_AGE = round(SESSION_LONGEST.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# browsers take a __Host- cookie over https alone
SESSION_COOKIE_NAME = "__Host-locality" if LOCALITY_TLS else "locality"
CSRF_COOKIE_NAME = "__Host-locality-form" if LOCALITY_TLS else "locality-form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = LOCALITY_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Lax, not Strict: somebody comes back from a provider of sign-on by a link of another site
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "locality.web.refusals.stale_form"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if LOCALITY_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if LOCALITY_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = LOCALITY_TLS
# browsers' own list of names is for whoever owns the name to ask for, not for a program
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# nothing to other sites; with "no-referrer" browsers send forms without their origin, and then every form is refused
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# mail goes into a folder of LOCALITY_HOME until a server is named: smtp+tls://login:password@server:587
_MAIL = env.dj_email_url("LOCALITY_MAIL_URL", f"file:///{LOCALITY_HOME / 'mail'}")
EMAIL_BACKEND, EMAIL_FILE_PATH = _MAIL["EMAIL_BACKEND"], LOCALITY_HOME / "mail"
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"], _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_USER"], _MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["EMAIL_USE_TLS"], _MAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("LOCALITY_MAIL_FROM", "locality@localhost")

# texts go by GOV.UK Notify once the place has a key there, and a template there that is ((message)) alone
NOTIFY_KEY, NOTIFY_TEMPLATE = env.str("LOCALITY_NOTIFY_KEY", ""), env.str("LOCALITY_NOTIFY_TEMPLATE", "")
NOTIFY_URL = env.str("LOCALITY_NOTIFY_URL", "https://api.notifications.service.gov.uk")

# a form is words; files come in by `locality receive`
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

STATIC_URL = "/static/"
STATIC_ROOT = LOCALITY_HOME / "static"
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

# written by `locality demo` and named by it alone: accounts to try are listed nowhere else
DEMO_ACCOUNTS = env.str("LOCALITY_DEMO_ACCOUNTS", "")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = logs.LOGGING
logs.set_up()
