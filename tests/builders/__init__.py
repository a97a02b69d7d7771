"""Builders: they reach every state by acting through the real ledger."""
