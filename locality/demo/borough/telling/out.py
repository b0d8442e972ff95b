"""Where resources go: one line each, to the file of their source."""

from collections import Counter
from collections.abc import Callable

import orjson

Json = dict


class Out:
    """What one piece of work tells, source by source; whoever writes decides where it lands."""

    def __init__(self, write: Callable[[str, bytes], None]):
        self.write = write
        self.counts: Counter[str] = Counter()
        self.labels: list[tuple[int, str, str, str]] = []

    def resource(self, source: str, resource: Json) -> None:
        """One FHIR resource, as a line of NDJSON."""
        self.counts[f"told.{source}"] += 1
        self.counts[f"told.{resource['resourceType']}"] += 1
        self.write(source, orjson.dumps(resource, option=orjson.OPT_APPEND_NEWLINE))

    def text(self, source: str, text: bytes, *, resources: int) -> None:
        """A message or a row of a sheet, and how many resources it will be read as."""
        self.counts[f"told.{source}"] += resources
        self.write(source, text)

    def label(self, person: int, source: str, local_id: str, slips: list[str]) -> None:
        """Who this patient truly is; kept apart, and never received."""
        self.labels.append((person, source, local_id, " ".join(slips)))
