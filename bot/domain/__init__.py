"""Pure values and rules; imports nothing of ours and no library that does I/O."""
