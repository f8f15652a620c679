"""The loops that move rows along: inbox, outbox, timers."""
