"""Who acts for an applicant, and on whose behalf an account works."""
