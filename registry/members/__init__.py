"""Who acts for an applicant: memberships, invitations, claims and letters of authority."""
