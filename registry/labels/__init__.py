"""The words that people read: of forms, states and refusals, offices and dates; and masking. No tables."""
