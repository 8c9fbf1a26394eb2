"""Whether `analyze` needs more memory for a longer clip: `python -m benchmarks.memory [--minutes 1 4]`.

A sample is repeated to each length without encoding it anew, and analysed, with its annotated video, in a process of
its own; the process says its peak.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks._common import SAMPLES, clips_of, say, table

GROWTH_MB_A_MINUTE = 2.0  # more than this is growth; peaks of equal runs differ by a few MB


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("clip", nargs="?", type=Path, default=SAMPLES / "bridge_good.mp4", metavar="CLIP")
    parser.add_argument("--minutes", nargs="+", type=float, default=[1.0, 4.0])
    parser.add_argument("--no-video", action="store_true", help="without the annotated video")
    parser.add_argument("--child", nargs=2, metavar=("CLIP", "EXERCISE"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        clip, exercise = options.child
        print(_peak_mb(clip, exercise, video=not options.no_video))
        return
    if sys.platform == "win32":
        print("peak memory cannot be asked for on this system: nothing measured")
        return
    clips = clips_of([options.clip])
    if not clips:
        print("without a clip whose exercise is known nothing is measured")
        return
    path, exercise = clips[0].path, clips[0].exercise
    peaks = [(minutes, _measured(path, exercise, minutes, options.no_video)) for minutes in options.minutes]
    _print(peaks)


def _print(peaks: Sequence[tuple[float, float]]) -> None:
    print(table(("minutes", "peak MB", ""), [[f"{minutes:g}", f"{peak:.1f}", ""] for minutes, peak in peaks]))
    if len(peaks) < 2:
        return
    (short, low), (long, high) = min(peaks), max(peaks)
    growth = (high - low) / (long - short)
    verdict = "grows" if growth > GROWTH_MB_A_MINUTE else "does not grow"
    print(f"\n{high - low:+.1f} MB over {long - short:g} minutes ({growth:+.2f} MB a minute): {verdict}")


def _measured(clip: Path, exercise: str, minutes: float, no_video: bool) -> float:
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.mp4"
        repeat(clip, long, 60 * minutes)
        say(f"analysing {minutes:g} minutes ...")
        command = [sys.executable, "-m", "benchmarks.memory", "--child", str(long), exercise]
        command += ["--no-video"] if no_video else []
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def _peak_mb(clip: str, exercise: str, video: bool) -> float:
    import resource  # noqa: PLC0415 - not on Windows

    from formcheck import analyze  # noqa: PLC0415 - only the child needs it

    with tempfile.TemporaryDirectory() as folder:
        analyze(clip, exercise, out=folder, video=video)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def repeat(clip: Path, out: Path, length_s: float) -> None:
    """Write the clip's own packets again and again until the length is reached."""
    import av  # noqa: PLC0415 - slow

    with av.open(str(out), "w") as target:
        stream, shift = None, 0
        base, done_s = None, 0.0
        while done_s < length_s:
            with av.open(str(clip)) as origin:
                video = origin.streams.video[0]
                stream = stream or target.add_stream_from_template(video)
                base, length = video.time_base, video.duration
                assert base is not None
                assert length is not None
                for packet in origin.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = stream
                    target.mux(packet)
                shift += length
                done_s = float(shift * base)


if __name__ == "__main__":
    main()
