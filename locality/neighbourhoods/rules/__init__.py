"""What a team at work may do: with whom it was told of, looks after, and has to do."""

from locality.neighbourhoods.rules.candidates import AGREED_WORDS, LAWFUL_BASIS, Agreed, CandidateState

__all__ = ["AGREED_WORDS", "LAWFUL_BASIS", "Agreed", "CandidateState"]
