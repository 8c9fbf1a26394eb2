"""Many clips at once, each compared with what is expected of it."""

from __future__ import annotations

SUFFIX = ".expect.toml"  # NAME.expect.toml beside a clip says what is expected of it
