"""TOML -> catalogue, rules, conditions, clinic and care texts; every mistake reported at once."""
