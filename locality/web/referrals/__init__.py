"""Referrals: asking another to do something for somebody, the list, one, and the page that a link opens."""
