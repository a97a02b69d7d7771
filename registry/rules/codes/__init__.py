"""The law's codes: filing numbers, identifiers of people and companies, administrative divisions."""
