"""The demo's teams at work: what they do all day, through the same actions as in earnest."""
