"""The engine: takes a route's records in, accounts for them as tasks, and sends each one; knows protocols only."""
