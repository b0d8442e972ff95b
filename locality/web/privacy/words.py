"""How the audit stands, and what may be said of a look, in words."""

from datetime import datetime, timedelta

from locality.access.rules.signing_in import Changed
from locality.journal.queries import Health
from locality.web.words import ago, counted, when

VERDICT_WORDS = {
    "explained": "There was a good reason",
    "asked": "I have asked them or their manager",
    "wrong": "It was wrong, and I have reported it",
}

# what an administrator changed of how somebody signs in
WAY_WORDS = {
    Changed.ADDRESS: "The address that a link for a new password goes to",
    Changed.INVITED: "An invitation was made, by which a password can be set",
    Changed.FACTORS_LOST: "Their second factor was said to be lost, and waits for a second administrator",
    Changed.FACTORS_GONE: "Their second factors were taken away",
    Changed.SHUT: "Their account was shut",
}

# what may be odd about a reason
ODD_WORDS = {
    "repeated": "They gave the same reason before, to the letter.",
    "short": "The reason is very short.",
    "no words": "The reason holds no words.",
}

# sealing runs every few seconds, copying with it; verifying is asked for, weekly at least
SEALED_WITHIN, COPIED_WITHIN, VERIFIED_WITHIN = timedelta(minutes=5), timedelta(hours=1), timedelta(days=8)

Row = tuple[str, str, str, str]  # what, in words, its tag, the tag's kind


def health_rows(health: Health, *, now: datetime) -> list[Row]:
    """One row for each thing that keeps the audit trustworthy, and whether it is as it should be."""
    return [
        _tail(health, now),
        _last(health, "copied", "Copied out of the database", COPIED_WITHIN, now),
        *_rest(health, now),
    ]


def _tail(health: Health, now: datetime) -> Row:
    if not health.unsealed or health.oldest_unsealed_at is None:
        sealed = (
            f"all sealed, last {when(health.last_seal_at, now)}" if health.last_seal_at else "nothing is written yet"
        )
        return ("Sealed", sealed, "As it should be", "good")
    since = ago(health.oldest_unsealed_at, now)
    words = f"{counted(health.unsealed, 'line')} not sealed yet, the oldest written {since}"
    late = now - health.oldest_unsealed_at > SEALED_WITHIN
    return (
        "Sealed",
        words,
        "Late: is the background work running?" if late else "As it should be",
        "urgent" if late else "good",
    )


def _last(health: Health, kind: str, title: str, within: timedelta, now: datetime) -> Row:
    at, _ = health.last.get(kind, (None, {}))
    if at is None:
        return (title, "never", "Not done yet", "caution")
    late = now - at > within
    return (title, when(at, now), "Late" if late else "As it should be", "caution" if late else "good")


def _rest(health: Health, now: datetime) -> list[Row]:
    title, words, tag, kind = _last(health, "verified", "Verified against its seals", VERIFIED_WITHIN, now)
    _, detail = health.last.get("verified", (None, {}))
    if detail.get("faults"):
        tag, kind = "Something was changed: keep this machine as it is", "urgent"
        words = f"{words}, with {counted(detail['faults'], 'fault')}"
    rows = [(title, words, tag, kind)]
    at, detail = health.last.get("archived", (None, {}))
    if at is not None:
        rows.append(
            ("Old lines moved into files", f"{when(at, now)}, up to number {detail.get('until', 0):,}", "Kept", "quiet")
        )
    title, words, tag, kind = _last(
        health, "looked through", "Looked through for unusual looks", timedelta(days=2), now
    )
    return [*rows, (title, words, tag, kind)]
