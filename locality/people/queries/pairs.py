"""Pairs of patients who may be one person, and whom somebody is asked about."""
