"""The book of both desks: filings, events, numbers, files, accounts, and the public record."""
