"""Polypharmacy: how many medicines at once. Thresholds unverified; the source stands in the data."""

from locality.methods.scores import rules

RULE = rules.read("polypharmacy")
