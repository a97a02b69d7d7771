"""The acts of officers on a case: their forms, what follows from each, and the preview of its notices."""
