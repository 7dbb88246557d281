"""The picture of a plan: places for its boxes, and what is drawn in, between and below them."""
