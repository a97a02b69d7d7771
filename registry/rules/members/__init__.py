"""Who may act for an applicant: the table of permissions, and the fold of its history."""
