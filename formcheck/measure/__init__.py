"""From a pose to numbers: pure functions, in pixels, with NaN for what cannot be told."""
