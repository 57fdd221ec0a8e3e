"""Benchmarks: run by hand, each side in a process of its own, rounds alternating; they print figures and ratios."""
