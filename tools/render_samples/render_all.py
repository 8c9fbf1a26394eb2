"""Render every script of a folder, several at a time: python render_all.py scripts -o FOLDER -j 2

A clip whose .mp4 and .json are there already is skipped (--force renders it again).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from render import add_options

#: One render process uses one core; on glibc the limits spare it kernel time.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
}


def is_there(script: Path, out: Path) -> bool:
    """Whether the script's clip and truth were rendered before."""
    return all((out / f"{script.stem}{ending}").is_file() for ending in (".mp4", ".json"))


def render(script: Path, a: argparse.Namespace) -> int:
    """Render one clip in a process of its own (Blender's state is global). Gives its exit code."""
    command = [sys.executable, str(Path(__file__).with_name("render.py")), str(script)]
    command += ["-o", str(a.out), "--threads", "1", "--samples", str(a.samples)]
    if a.data is not None:
        command += ["--data", str(a.data)]
    if not a.world:
        command.append("--no-world")
    return subprocess.run(command, env={**os.environ, **ENVIRONMENT}, check=False).returncode


def main() -> int:
    """The command line."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("scripts", type=Path, help="folder of scripts (TOML)")
    p.add_argument("-j", "--jobs", type=int, default=1, help="clips rendered at the same time")
    p.add_argument("--force", action="store_true", help="render clips that are there, too")
    add_options(p)
    a = p.parse_args()
    scripts = sorted(a.scripts.glob("*.toml"))
    if not scripts:
        p.error(f"no .toml in {a.scripts}")
    wanted = [s for s in scripts if a.force or not is_there(s, a.out)]
    if len(wanted) < len(scripts):
        print(f"{len(scripts) - len(wanted)} of {len(scripts)} clips are there already")
    with ThreadPoolExecutor(max(1, a.jobs)) as pool:
        codes = list(pool.map(lambda s: render(s, a), wanted))
    failed = [s.name for s, code in zip(wanted, codes, strict=True) if code]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
