"""Sentences people read, written once per language (`<language>.toml` beside this file)."""
