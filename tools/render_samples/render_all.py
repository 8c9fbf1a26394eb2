"""Render every script of a folder, several at a time: python render_all.py scripts -o FOLDER -j 2

A clip whose .mp4 and .json are there already is skipped (--force renders it again). With
--yaw=-40,-20,20,40 every script is rendered from each of these yaws instead of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from render import add_options, clip_name

#: One render process uses one core; on glibc the limits spare it kernel time.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
}


Job = tuple[Path, int | None]  # a script and the yaw, None = the script's own


def yaws(text: str) -> list[int]:
    """The numbers of a list like -20,20."""
    return [int(part) for part in text.split(",")]


def is_there(job: Job, out: Path) -> bool:
    """Whether the script's clip and truth were rendered before."""
    name = clip_name(*job)
    return all((out / f"{name}{ending}").is_file() for ending in (".mp4", ".json"))


def render(job: Job, a: argparse.Namespace) -> int:
    """Render one clip in a process of its own (Blender's state is global). Gives its exit code."""
    script, yaw = job
    command = [sys.executable, str(Path(__file__).with_name("render.py")), str(script)]
    command += ["-o", str(a.out), "--threads", "1", "--samples", str(a.samples)]
    if a.data is not None:
        command += ["--data", str(a.data)]
    if yaw is not None:
        command.append(f"--yaw={yaw}")
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
    p.add_argument("--yaw", type=yaws, default=[None], help="yaws instead of the scripts' own")
    add_options(p)
    a = p.parse_args()
    scripts = sorted(a.scripts.glob("*.toml"))
    if not scripts:
        p.error(f"no .toml in {a.scripts}")
    jobs = [(script, yaw) for script in scripts for yaw in a.yaw]
    wanted = [job for job in jobs if a.force or not is_there(job, a.out)]
    if len(wanted) < len(jobs):
        print(f"{len(jobs) - len(wanted)} of {len(jobs)} clips are there already")
    with ThreadPoolExecutor(max(1, a.jobs)) as pool:
        codes = list(pool.map(lambda job: render(job, a), wanted))
    failed = [clip_name(*job) for job, code in zip(wanted, codes, strict=True) if code]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
