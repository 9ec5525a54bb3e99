"""One function per use case: load, decide through the domain, store, return."""
