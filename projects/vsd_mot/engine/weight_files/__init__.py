"""Published weights: where they are, fetched, verified, packed with a model card."""
