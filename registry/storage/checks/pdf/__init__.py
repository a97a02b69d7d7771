"""What is done to an uploaded PDF, one step a module: is it whole, what do its forms and marks show, what may stay.

`registry.storage.checks.portable_documents` runs the steps, in the child process.
"""
