"""The authenticity statement of a draft: printed prefilled, signed on paper, uploaded as a scan."""
