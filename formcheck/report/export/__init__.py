"""A result as tables for other programs: repetitions, holds, faults, and the measures of each frame."""
