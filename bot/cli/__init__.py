"""The chairside command."""
