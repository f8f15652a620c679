"""What the desk does, as plain functions over one unit of work."""
