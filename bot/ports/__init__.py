"""The shapes the floors above rely on; imports only the domain."""
