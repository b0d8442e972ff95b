"""The only writers of the record."""

from locality.record.actions.quarantine import dismiss
from locality.record.actions.receive import Spread, receive, retry
from locality.record.actions.remarks import say_not_theirs, withdraw_remark

__all__ = ["Spread", "dismiss", "receive", "retry", "say_not_theirs", "withdraw_remark"]
