"""What is proven by running an engine."""
