"""The reviewers' desk: queue, cases, decisions, review forms, and the pages of heads."""
