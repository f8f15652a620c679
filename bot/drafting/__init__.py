"""Drafted answers from a language model, always checked by a person."""
