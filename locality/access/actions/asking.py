"""Counting what a network asks of the pages that are open to all, so that no machine reads them dry."""

from datetime import datetime, timedelta

from django.db import connection

from locality.access.models import PublicAsking
from locality.access.queries.accounts import mark

# a library or a practice is one network
ASKED_AT_MOST, WITHIN = 120, timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=1)
COUNT = """
insert into access_publicasking as asked (network, began_at, times) values (%(network)s, %(at)s, 1)
on conflict (network) do update set
    times = case when asked.began_at > %(since)s then asked.times + 1 else 1 end,
    began_at = case when asked.began_at > %(since)s then asked.began_at else excluded.began_at end
returning times
"""


def may_ask(*, network: str, at: datetime) -> bool:
    """Count one more question of a network, and say whether it is not one too many."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"network": mark("public", network), "at": at, "since": at - WITHIN})
        times: int = cursor.fetchone()[0]
    if times == 1:
        PublicAsking.objects.filter(began_at__lt=at - FORGOTTEN_AFTER).delete()
    return times <= ASKED_AT_MOST
