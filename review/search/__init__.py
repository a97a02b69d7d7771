"""The search over all cases of one's jurisdiction, those that have left the desk among them."""
