"""The place's measures: every figure with its definition, its chart, its groups and what is published beside it."""
