"""The only writers of the record."""

from locality.record.actions.quarantine import dismiss, open_refused
from locality.record.actions.receive import Spread, receive, retry
from locality.record.actions.remarks import say_not_theirs, withdraw_remark

__all__ = ["Spread", "dismiss", "open_refused", "receive", "retry", "say_not_theirs", "withdraw_remark"]
