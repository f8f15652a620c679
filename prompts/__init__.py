"""The words people and models read."""
