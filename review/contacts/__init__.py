"""What an office noted of contacts and site visits about a case and its applicant."""
