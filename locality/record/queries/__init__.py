"""Questions about the record; never writes. Each starts from what its grant may show."""

from locality.record.queries.summary import face, summary
from locality.record.queries.timeline import timeline

__all__ = ["face", "summary", "timeline"]
