"""Serves stored files and issued documents to those who may read them."""
