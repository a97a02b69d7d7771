"""Where an application stands, as its applicant sees it; its withdrawal, and its copy."""
