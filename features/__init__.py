"""What was known, and when: records, store, windows, catalog, labels."""
