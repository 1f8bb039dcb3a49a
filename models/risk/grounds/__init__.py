"""What a reason is about: features that speak of one thing, in words, beside what is usual."""
