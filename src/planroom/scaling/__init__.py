"""Scaling: what a planner would know of tables at another size, as pure values and the arithmetic between them."""
