"""Moving a service from one organisation to another: the plan, both sides, the day, and its undoing."""
