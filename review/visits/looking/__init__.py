"""One look at one web address: the modules of the confined child, which know neither Django nor the database."""
