"""The bare loop as a program: `python -m benchmarks._bare CLIP ...` reads, converts and detects, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks._stages import bare

if __name__ == "__main__":
    print(sum(bare(Path(clip)) for clip in sys.argv[1:]), "frames")
