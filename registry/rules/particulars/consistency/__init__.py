"""Contradictions that software can see between two places of an application, as named rules.

What is certain is an error: it blocks a submission as any gap does. What may well be so is a question: the applicant
mends it or answers it, and the answer goes to the office with the materials.
"""
