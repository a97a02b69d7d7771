"""Objections to batch lists at the national office: received, admitted, put to the applicant, decided."""
