"""Notices: their kinds and wording, how they are made and delivered, the inbox, and who was not reached."""
