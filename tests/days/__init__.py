"""Days at a clinic that books in Google Calendar: the whole flow, over HTTP, against a double of Google."""
