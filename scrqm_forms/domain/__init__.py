"""Values and rules. Standard library and msgspec only: no files, no clock, no framework."""
