"""What values may stand in a column: one interpretation of types and checks, printed by several formats."""
