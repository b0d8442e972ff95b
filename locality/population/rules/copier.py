"""The database role that reads what the analytical copy is made of, and nothing else."""

COPIER = "locality_copy"
