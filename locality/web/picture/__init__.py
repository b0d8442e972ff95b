"""The picture of the neighbourhoods: who lives where, what they have and use, and how that differs. About nobody."""
