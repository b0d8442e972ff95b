"""The one plan of a person: read, written part by part, on paper, in plain words; and by the person."""
