"""How a plan is seen: as a tree, as an icicle, as a table, as text; the same from run to run unless time is asked for.

A `Metric` says what counts, `Weights` what each node has of it, a `View` which nodes are shown and which are folded;
layouts give places to boxes, and a `Mark` says of one node what a drawing adds to its own facts.
"""
