"""Months of cases in seconds: real services over a real database, a clock that jumps, people who do as people do."""
