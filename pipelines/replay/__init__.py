"""Replay: weeks of declarations under several policies, each of which sees what it selects."""
