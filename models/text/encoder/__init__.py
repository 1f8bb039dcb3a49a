"""The encoder: a pre-trained transformer, built, run and joined with the linear model."""
