"""What a team at work does: the only writers of its rows. Callers of the newer ones name the file: `tasks.ask(...)`."""

from locality.neighbourhoods.actions.candidates import Put, list_candidates, put_forward, withdraw_candidate

__all__ = ["Put", "list_candidates", "put_forward", "withdraw_candidate"]
