"""The files of a draft: upload slots and their pages."""
