"""Values, protocols and errors that every other part speaks in; imports nothing of ours."""
