"""Throw-away servers and real processes for tests: PostgreSQL, Redis, Celery workers, the web."""
