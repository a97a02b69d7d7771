"""Claims to act for an applicant, decided by the provincial office."""
