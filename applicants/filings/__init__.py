"""The applicant's dashboard, and the page of one filing."""
