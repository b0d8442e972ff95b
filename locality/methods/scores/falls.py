"""Falls: whom to assess, by NICE NG249. It predicts nothing; thresholds unverified, the source stands in the data."""

from locality.methods.scores import rules

RULE = rules.read("falls")
