"""The office's working papers on a case: claims, marks, notes, buttons, and the clock as shown."""
