"""What is believed: text, risk, inspection; splits, metrics, registry."""
