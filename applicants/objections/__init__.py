"""What an applicant is sent of an objection to its entry in a batch list, and its statement."""
