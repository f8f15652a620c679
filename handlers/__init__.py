"""What each inbound event means, handled whole in one transaction."""
