"""A team's meeting: when it is, its agenda, the screen it is run from, its minutes, what came of it."""
