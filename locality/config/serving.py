"""What must be so before a page is served."""

import gc
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.urls import get_resolver

from locality.base import Refused
from locality.config import database, home, signing

FEWEST_LETTERS = 8


def ready() -> None:
    """Have the database at hand; refuse to serve what is unsafe."""
    database.ready()
    if settings.DEBUG:
        raise Refused("Pages are not served with LOCALITY_DEBUG on: its error pages show what records hold.")
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    if len(key) < home.SHORTEST_SECRET_KEY or len(set(key)) < FEWEST_LETTERS or key.startswith("django-insecure-"):
        raise Refused(f"Set SECRET_KEY to at least {home.SHORTEST_SECRET_KEY} letters that nobody can guess.")
    if any(host.strip() in ("*", "") for host in settings.ALLOWED_HOSTS):
        raise Refused("LOCALITY_HOSTS names every host with *: name those that people type.")
    if settings.DATABASE_URL and not settings.LOCALITY_TRIAL:
        _fit_for_real_people()


def _fit_for_real_people() -> None:
    """Refuse what will do for trying out (LOCALITY_TRIAL says that it is), and never for records of real people."""
    trial = "Set LOCALITY_TRIAL=1 if nobody real is in this database."
    if not settings.LOCALITY_TLS:
        raise Refused(f"Pages are not served without https: put a proxy in front and set LOCALITY_TLS=1. {trial}")
    address = urlsplit(settings.LOCALITY_URL)
    if address.scheme != "https" or address.hostname not in settings.ALLOWED_HOSTS:
        raise Refused("LOCALITY_URL is the https address that people type, with one of LOCALITY_HOSTS.")
    if not settings.SECOND_FACTOR:
        raise Refused(f"LOCALITY_SECOND_FACTOR is off, so a stolen password opens everything. {trial}")
    folders = [settings.LOCALITY_HOME, *settings.LOCALITY_AUDIT_COPIES]
    # a key that was there and is gone is not made anew: nothing sealed before could be checked again
    signing.signing(settings.LOCALITY_HOME, make=not signing.copies(folders))


def close_the_pages() -> None:
    """Let this process, which serves pages, see of the record only what each page opens."""
    options = connection.settings_dict["OPTIONS"]
    # what the place itself asks of each connection stays
    options["options"] = options.get("options", "").removesuffix(database.WORKS).strip()


def collect_static_files() -> None:
    """Gather the pages' styles and scripts under names that browsers may keep for ever."""
    call_command("collectstatic", interactive=False, verbosity=0)


def settle_in() -> None:
    """Read every page's code before the first is asked for, and leave it out of the search for garbage from then on.

    That search stopped one page in forty for as long as three others took, and found nothing there.
    """
    get_resolver().reverse_dict  # noqa: B018 -- reading it imports them
    gc.collect()
    gc.freeze()
