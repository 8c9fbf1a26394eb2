"""What is shown and written of an analysis. Draws and prints; never decides."""
