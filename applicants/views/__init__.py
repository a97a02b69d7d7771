"""The applicant's pages: find, ask access, call one function, render."""
