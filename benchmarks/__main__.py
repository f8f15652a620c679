"""`make bench`: every measurement, one after another."""

from benchmarks import limits, relay

relay.main()
limits.main()
