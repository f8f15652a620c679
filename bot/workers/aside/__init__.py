"""Work on a file's content in a process of its own, with bounds on its memory and time and with nothing to reach."""
