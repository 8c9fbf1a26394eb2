"""Measurements of formcheck: how right it is, how fast, and how much memory it takes."""
