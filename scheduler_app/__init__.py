"""Judges appointments against a clinic's gap rules, and shows the verdicts where people book."""
