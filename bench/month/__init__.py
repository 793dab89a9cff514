"""A simulated month: nightly feeds into the sandbox, editors by day, faults, and a judge who knows what was wanted."""
