"""How an application proceeds: states, lifecycle, guards, fold, decision clock, date rules, hash chain."""
