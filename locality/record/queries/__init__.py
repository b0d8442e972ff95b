"""Questions about the record; never writes. Each starts from what its grant may show."""

from locality.record.queries.document import attachment, opened
from locality.record.queries.sources import refused, refused_content, sources_state
from locality.record.queries.summary import face, summary
from locality.record.queries.timeline import timeline

__all__ = [
    "attachment",
    "face",
    "opened",
    "refused",
    "refused_content",
    "sources_state",
    "summary",
    "timeline",
]
