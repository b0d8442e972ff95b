"""The only writers of the record."""

from locality.record.actions.quarantine import dismiss
from locality.record.actions.receive import Spread, receive, retry

__all__ = ["Spread", "dismiss", "receive", "retry"]
