"""Writing the audit and the news, inside the writer's own transaction; sealing it, and asking about it."""

from locality.journal.actions.archiving import archivable, drop_part, make_part, make_parts
from locality.journal.actions.asking import Found, answer, ask, keep_unusual, note_upkeep, review
from locality.journal.actions.sealing import highest, seal
from locality.journal.actions.writing import line, log, log_each, log_rows, tell, telling

__all__ = [
    "Found",
    "answer",
    "archivable",
    "ask",
    "drop_part",
    "highest",
    "keep_unusual",
    "line",
    "log",
    "log_each",
    "log_rows",
    "make_part",
    "make_parts",
    "note_upkeep",
    "review",
    "seal",
    "tell",
    "telling",
]
