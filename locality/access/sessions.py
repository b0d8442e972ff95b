"""Where sessions are kept: a row each that says whose it is, so that all of somebody's can be ended at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from locality.access.models import Session

# names that web/session.py writes under
ACCOUNT, BEGAN, SEEN, NETWORK, BROWSER = "account", "began", "seen", "network", "browser"


class SessionStore(DatabaseStore):
    """Django's own sessions in the database, with the account beside the data."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A row for this session, with whose it is as far as it says."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        account, began, seen = data.get(ACCOUNT), data.get(BEGAN), data.get(SEEN)
        row.account_id = UUID(account) if account else None
        row.began_at = datetime.fromisoformat(began) if began else None
        row.seen_at = datetime.fromisoformat(seen) if seen else None
        row.network, row.browser = data.get(NETWORK, ""), data.get(BROWSER, "")
        return row
