"""The public's pages and API: register, records, deadline planner and guide."""
