"""What Locality costs, measured: `python -m benchmarks` (or `make bench`) runs all and rewrites docs/performance.md.

Each file here is one benchmark or one thing they share, and says how it measures.
"""
