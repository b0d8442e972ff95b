"""What one path may hold."""

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one path may hold; sizes in bytes."""

    members: int = 1_000_000
    whole: int = 512 * MB  # read into memory at once: all but NDJSON
    line: int = 64 * MB
    unpacked: int = 100_000 * MB  # out of one path, everything together
    ratio: int = 200  # unpacked to packed; NDJSON of FHIR reaches 30
    ratio_from: int = 64 * MB  # below this no ratio is too high
    depth: int = 2  # an archive in an archive
    small: int = 16 * MB  # beyond this a member is streamed, and shared by lines
    share_from: int = 256_000  # a smaller file is not worth two workers


LIMITS = Limits()
