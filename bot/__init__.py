"""Chairside: the chat desk for case conversations between dentists and specialists."""
