"""Draws of lines and of inspectors that nobody can choose and anybody can recompute."""
