"""Colours of all charts: red for what stands out, blue for the rest, grey to compare with."""

RED, BLUE, GREEN, GREY = "#b3261e", "#1f5fa8", "#2e7d32", "#999999"
