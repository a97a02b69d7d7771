"""The applicant's side of a proposed striking off: the notice, the statement and defence, the outcome."""
