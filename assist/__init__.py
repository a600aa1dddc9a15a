"""Assist: a person who sees badly points a phone at something, and a volunteer says what it is."""
