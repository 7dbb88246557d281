"""Views: one file each. A view makes a Graph of a model; it draws nothing."""
