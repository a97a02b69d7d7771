"""Working days for pages and papers: the days in force, why a day is due, months and calendar files."""
