"""Everything that knows Telegram."""
