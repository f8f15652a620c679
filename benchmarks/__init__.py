"""Measurements, each beside the bare library in the same run; figures are ratios, since machines differ."""
