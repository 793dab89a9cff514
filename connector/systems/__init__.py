"""Systems at the other end, as data: operations by entity and action."""
