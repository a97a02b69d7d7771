"""Changes of a filing in force, or of the applicant in all its filings (Art. 11)."""
