"""`make bench`: every measurement, one after another."""

from benchmarks import check_ins, limits, relay

relay.main()
limits.main()
check_ins.main()
