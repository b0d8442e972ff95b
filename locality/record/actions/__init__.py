"""The only writers of the record."""

from locality.record.actions.quarantine import dismiss
from locality.record.actions.receive import receive, retry

__all__ = ["dismiss", "receive", "retry"]
