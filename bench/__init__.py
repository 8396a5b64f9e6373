"""Benchmarks: ratios to a peer or to a limit, measured in the same run. Never part of a test."""
