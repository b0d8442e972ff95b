"""What must be so before a page is served."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from locality.base import Refused
from locality.config import database, home


def ready() -> None:
    """Have the database at hand; refuse to serve what is unsafe."""
    database.ready()
    if settings.DEBUG:
        raise Refused("Pages are not served with LOCALITY_DEBUG on: its error pages show what records hold.")
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    if len(key) < home.SHORTEST_SECRET_KEY:
        raise Refused(f"Set SECRET_KEY to at least {home.SHORTEST_SECRET_KEY} letters that nobody can guess.")


def close_the_pages() -> None:
    """Let this process, which serves pages, see of the record only what each page opens."""
    connection.settings_dict["OPTIONS"].pop("options", None)


def collect_static_files() -> None:
    """Gather the pages' styles and scripts under names that browsers may keep for ever."""
    call_command("collectstatic", interactive=False, verbosity=0)
