"""A route in full, and what a change of its files means: told offline, from the files alone; nothing is sent."""
