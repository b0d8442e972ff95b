"""Carer strain: whom to ask. Every threshold is assumed, for a place to change."""

from locality.methods.scores import rules

RULE = rules.read("carer_strain")
