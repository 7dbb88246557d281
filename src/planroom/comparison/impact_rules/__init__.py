"""What follows from a change, as tables of rules: one module for what is alike, one rule a line."""
