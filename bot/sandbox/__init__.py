"""The whole desk on one machine, against local stand-ins for the platforms."""
