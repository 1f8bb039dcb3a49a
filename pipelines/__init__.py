"""The batch door: one file, one function and one command for each step."""
