"""One folder per chat platform; none knows of another."""
