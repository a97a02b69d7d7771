"""The applicants' desk: drafts, applications, changes, cancellations, deadlines and members."""
