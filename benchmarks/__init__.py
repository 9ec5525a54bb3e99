"""How fast the program is, each part beside the plainest way to do the same. See `python -m benchmarks --help`."""
