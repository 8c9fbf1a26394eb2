"""Frames in, frames out: cameras, files and the H.264 writer. Knows nothing of bodies."""
