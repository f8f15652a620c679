"""`make bench`: every measurement, one after another."""

from benchmarks import relay

relay.main()
