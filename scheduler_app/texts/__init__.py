"""Every sentence people read, written once per language."""
