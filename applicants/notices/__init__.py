"""The applicant's inbox."""
