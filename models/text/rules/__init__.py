"""What the lexicon and rules alone answer, without any training."""
