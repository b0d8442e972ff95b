"""Teams at work in the demo: each part written by the same actions as in earnest, behind the cast."""
