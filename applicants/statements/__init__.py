"""The statement that an applicant makes once: on an objection, and on a proposed striking off."""
