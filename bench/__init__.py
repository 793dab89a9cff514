"""Benchmarks, as ratios to a hand-written script on the same work: ``make bench``."""
