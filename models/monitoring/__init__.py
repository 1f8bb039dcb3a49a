"""A model in use: what changed in its inputs, its outcomes and its feeds, and what to do."""
