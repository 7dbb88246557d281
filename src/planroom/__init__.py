"""planroom: a workbench for architecture and data modelling, in a notebook."""
