"""Letters to clients: their words by language, as plain text and as HTML."""
