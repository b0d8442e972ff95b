"""What the demo's teams have done, by the same actions as in earnest: a module a part of their work."""
