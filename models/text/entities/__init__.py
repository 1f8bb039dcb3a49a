"""What a report names: a trained tagger of spans, and the linker of names to codes and ids."""
