"""Fit the frame quality: degradations in steps, their features, weights that order them."""
