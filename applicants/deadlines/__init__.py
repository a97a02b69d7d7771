"""What is due for an applicant: the list, planned ends of services, reminders and the calendar feed."""
