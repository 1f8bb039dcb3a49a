"""How a risk model did, judged honestly: over all lines, not only over the inspected ones."""
