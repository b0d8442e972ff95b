"""Questions about teams at work; never writes. Each starts from what its viewer, or its grant, may show."""

from locality.neighbourhoods.queries.candidates import PutForward, candidate_of, candidates, candidates_waiting

__all__ = ["PutForward", "candidate_of", "candidates", "candidates_waiting"]
