"""Many clips at once, each compared with what is expected of it."""
