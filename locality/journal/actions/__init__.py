"""Writing the audit and the news, always inside the writer's own transaction; and sealing what was written."""

from locality.journal.actions.sealing import highest, seal
from locality.journal.actions.writing import line, log, log_each, log_rows, tell

__all__ = ["highest", "line", "log", "log_each", "log_rows", "seal", "tell"]
