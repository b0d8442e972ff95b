"""Assessments that come filled with what is known, and the line of a team's questions asked again."""
