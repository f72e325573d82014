"""The migrations themselves, numbered like `user_version`."""
