"""Fixed rules of the agency, asked before any model."""
