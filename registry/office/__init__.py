"""The administrator's and the auditor's rooms: lists, office accounts, the trail of events. No case content."""
