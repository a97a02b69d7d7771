"""Striking off at the national office: proposed, served, answered, confirmed or dropped."""
