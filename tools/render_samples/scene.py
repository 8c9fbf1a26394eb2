"""The room, the person and the camera in Blender (the ``bpy`` module), rendered with Cycles."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import bpy
import numpy as np
from mathutils import Quaternion, Vector

Colour = tuple[float, float, float]

#: A script's [room] table may override any of these (linear RGB, 0-1).
ROOM = {
    "wall": (0.64, 0.62, 0.58),
    "floor": (0.40, 0.245, 0.13),
    "mat": (0.055, 0.18, 0.245),
    "sofa": (0.22, 0.24, 0.27),
    "cushion": (0.58, 0.28, 0.13),
    "wood": (0.42, 0.26, 0.15),
    "mirrored": False,
    "light": 1.0,
    "plant": True,
}

#: Height and colour of the books on the sideboard.
BOOKS = (
    (0.25, (0.3, 0.05, 0.04)),
    (0.22, (0.05, 0.1, 0.25)),
    (0.27, (0.5, 0.42, 0.2)),
    (0.24, (0.08, 0.2, 0.12)),
    (0.2, (0.4, 0.4, 0.42)),
)


# --- materials --------------------------------------------------------------------------------


def material(name: str, colour: Colour, rough=0.6, spec=0.3):
    """A plain material; ``spec`` is how much it shines."""
    m = bpy.data.materials.new(name)
    m.use_nodes = True
    b = m.node_tree.nodes["Principled BSDF"]
    b.inputs["Base Color"].default_value = (*colour, 1)
    b.inputs["Roughness"].default_value = rough
    b.inputs["Specular IOR Level"].default_value = spec
    return m


def _shade(colour: Colour, factor: float) -> tuple[float, float, float, float]:
    return (*(min(1, c * factor) for c in colour), 1)


def mottled(name: str, colour: Colour, spread, scale, rough=0.7, bump=0.0, stretch=(1, 1, 1)):
    """A colour that varies with noise, so that nothing is perfectly flat."""
    m = material(name, colour, rough)
    nodes, links = m.node_tree.nodes, m.node_tree.links
    b = nodes["Principled BSDF"]
    coord, mapping = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeMapping")
    noise, ramp = nodes.new("ShaderNodeTexNoise"), nodes.new("ShaderNodeValToRGB")
    mapping.inputs["Scale"].default_value = stretch
    noise.inputs["Scale"].default_value = scale
    noise.inputs["Detail"].default_value = 6
    for k, position, factor in ((0, 0.35, 1 - spread), (1, 0.65, 1 + spread)):
        ramp.color_ramp.elements[k].color = _shade(colour, factor)
        ramp.color_ramp.elements[k].position = position
    links.new(coord.outputs["Object"], mapping.inputs[0])
    links.new(mapping.outputs[0], noise.inputs["Vector"])
    links.new(noise.outputs["Fac"], ramp.inputs[0])
    links.new(ramp.outputs[0], b.inputs["Base Color"])
    if bump:
        node = nodes.new("ShaderNodeBump")
        node.inputs["Strength"].default_value = bump
        node.inputs["Distance"].default_value = 0.003
        links.new(noise.outputs["Fac"], node.inputs["Height"])
        links.new(node.outputs[0], b.inputs["Normal"])
    return m


def planks(colour: Colour):
    """A wooden floor."""
    m = material("floor", colour, 0.35)
    nodes, links = m.node_tree.nodes, m.node_tree.links
    coord, brick = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeTexBrick")
    mapping, noise = nodes.new("ShaderNodeMapping"), nodes.new("ShaderNodeTexNoise")
    mix = nodes.new("ShaderNodeMix")
    brick.offset = 0.37
    for key, factor in (("Color1", 0.87), ("Color2", 1.13), ("Mortar", 0.3)):
        brick.inputs[key].default_value = _shade(colour, factor)
    brick.inputs["Scale"].default_value = 1
    brick.inputs["Mortar Size"].default_value = 0.002
    brick.inputs["Brick Width"].default_value = 1.2
    brick.inputs["Row Height"].default_value = 0.13
    mapping.inputs["Scale"].default_value = (1.2, 16, 1)
    noise.inputs["Scale"].default_value = 3
    noise.inputs["Detail"].default_value = 8
    mix.data_type, mix.blend_type = "RGBA", "OVERLAY"
    mix.inputs[0].default_value = 0.55
    links.new(coord.outputs["Object"], brick.inputs["Vector"])
    links.new(coord.outputs["Object"], mapping.inputs[0])
    links.new(mapping.outputs[0], noise.inputs["Vector"])
    links.new(brick.outputs["Color"], mix.inputs[6])
    links.new(noise.outputs["Fac"], mix.inputs[7])
    links.new(mix.outputs[2], nodes["Principled BSDF"].inputs["Base Color"])
    return m


# --- the room ---------------------------------------------------------------------------------


def box(centre, size, mat, bevel=0.0, turn=0.0) -> None:
    """A box; bevel: radius of its edges; turn: about the upright axis, radians."""
    bpy.ops.mesh.primitive_cube_add(size=1, location=centre, rotation=(0, 0, turn))
    o = bpy.context.object
    o.scale = size
    bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
    o.data.materials.append(mat)
    if bevel:
        mod = o.modifiers.new("bevel", "BEVEL")
        mod.width, mod.segments = bevel, 3


def lamp(at, target, size, power, colour) -> None:
    """A rectangular light that the camera does not see."""
    data = bpy.data.lights.new("lamp", "AREA")
    data.energy, data.color, data.shape = power, colour, "RECTANGLE"
    data.size, data.size_y = size
    o = bpy.data.objects.new("lamp", data)
    bpy.context.collection.objects.link(o)
    o.location, o.visible_camera = at, False
    o.rotation_euler = (Vector(target) - Vector(at)).to_track_quat("-Z", "Y").to_euler()


def _plant(k: int) -> None:
    pot = material("pot", (0.75, 0.72, 0.68), 0.4)
    leaf = mottled("leaf", (0.06, 0.17, 0.04), 0.3, 20, 0.5)
    place = (-1.85 * k, 1.45, 0.83)
    bpy.ops.mesh.primitive_cylinder_add(radius=0.11, depth=0.22, location=place)
    bpy.context.object.data.materials.append(pot)
    rs = np.random.RandomState(3)
    for _ in range(34):
        a, t, length = rs.rand() * 6.28, rs.rand() * 0.9 + 0.2, rs.uniform(0.22, 0.48)
        place = (
            -1.85 * k + math.cos(a) * 0.4 * length * t,
            1.45 + math.sin(a) * 0.4 * length * t,
            0.94 + length * 0.55 * (1.3 - t * 0.5),
        )
        bpy.ops.mesh.primitive_uv_sphere_add(segments=12, ring_count=8, radius=1, location=place)
        o = bpy.context.object
        o.scale, o.rotation_euler = (0.045, 0.008, length * 0.42), (t * 0.9, 0, a + 1.57)
        o.data.materials.append(leaf)
        bpy.ops.object.shade_smooth()


def _chair(seat: float, turned: bool, wood) -> None:
    f = -1 if turned else 1
    box((-0.22 * f, 0, seat - 0.02), (0.42, 0.44, 0.04), wood, 0.01)
    for x in (-0.4, -0.04):
        for y in (-0.19, 0.19):
            box((x * f, y, (seat - 0.04) / 2), (0.035, 0.035, seat - 0.04), wood)
    for y in (-0.19, 0.19):
        box((-0.42 * f, y, seat + 0.22), (0.03, 0.035, 0.5), wood)
    box((-0.43 * f, 0, seat + 0.38), (0.025, 0.40, 0.16), wood, 0.01)


def build_room(look: dict, mat=True, seat: float | None = None, turned=False) -> None:
    """A living room; the mat lies along X, the wall is behind it.

    look: the script's [room] table; seat: height of the chair's seat in metres, None for no chair;
    turned: the chair stands the other way round, as the person on it does.
    """
    look = {**ROOM, **look}
    bpy.ops.wm.read_factory_settings(use_empty=True)
    k = -1 if look["mirrored"] else 1
    white, dark = (
        material("white", (0.85, 0.85, 0.83), 0.5),
        material("dark", (0.05, 0.045, 0.04), 0.5),
    )
    fabric = mottled("sofa", look["sofa"], 0.12, 120, 0.95, 0.4)
    wood = mottled("wood", look["wood"], 0.14, 6, 0.45, 0.05, (1, 1, 8))
    wall = mottled("wall", look["wall"], 0.03, 3, 0.9, 0.15)
    box((0, 0, -0.05), (9, 9, 0.1), planks(look["floor"]))
    box((0, 1.75, 1.3), (9, 0.1, 2.7), wall)
    box((3.8 * k, -1, 1.3), (0.1, 9, 2.7), wall)
    box((-4.3 * k, -1, 1.3), (0.1, 9, 2.7), wall)
    box((0, 1.69, 0.045), (9, 0.02, 0.09), white)
    # sofa
    box((1.9 * k, 1.22, 0.24), (1.7, 0.8, 0.26), fabric, 0.05)
    box((1.75 * k, 1.55, 0.55), (1.7, 0.22, 0.5), fabric, 0.06)
    box((1.1 * k, 1.22, 0.36), (0.18, 0.8, 0.5), fabric, 0.05)
    cushion = mottled("cushion", look["cushion"], 0.06, 60, 0.95, 0.3)
    box((1.5 * k, 1.38, 0.52), (0.42, 0.14, 0.4), cushion, 0.06, 0.2 * k)
    # sideboard
    box((-1.55 * k, 1.48, 0.36), (1.1, 0.38, 0.72), wood, 0.01)
    for n in (-1, 1):
        box(((-1.55 + n * 0.26) * k, 1.285, 0.36), (0.50, 0.015, 0.62), wood, 0.004)
        box(((-1.55 + n * 0.05) * k, 1.265, 0.42), (0.015, 0.03, 0.1), dark)
    # picture
    box((-0.35 * k, 1.69, 1.45), (0.9, 0.03, 0.6), dark, 0.005)
    art = mottled("art", (0.5, 0.5, 0.52), 0.4, 2.2, 0.6)
    box((-0.35 * k, 1.672, 1.45), (0.82, 0.02, 0.52), art)
    if look["plant"]:
        _plant(k)
    for n, (h, c) in enumerate(BOOKS):
        cover = material(f"book{n}", c, 0.6)
        box(((-1.35 + n * 0.045) * k, 1.5, 0.72 + h / 2), (0.035, 0.16, h), cover)
    if mat:
        foam = mottled("mat", look["mat"], 0.09, 220, 0.85, 0.5)
        box((0.05, 0, 0.006), (2.05, 0.72, 0.012), foam, 0.004)
    if seat:
        _chair(seat, turned, wood)
    p = look["light"]
    lamp((-3.2 * k, -1.6, 1.7), (0, 0.2, 0.4), (1.4, 1.6), 140 * p, (0.92, 0.96, 1.0))
    lamp((0.3 * k, -0.3, 2.6), (0.3 * k, -0.2, 0), (1.6, 1.6), 55 * p, (1, 0.93, 0.82))
    lamp((2.2 * k, -2.8, 1.8), (0, 0, 0.4), (1.5, 1.5), 22 * p, (1, 0.97, 0.92))
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs[0].default_value = (0.75, 0.82, 0.9, 1)
    background.inputs[1].default_value = 0.22 * p


# --- camera and person ------------------------------------------------------------------------


class Camera:
    """The one camera, and where it shows a point of the world."""

    def __init__(self, yaw, height, distance, aim, hfov, roll, size):
        """yaw: degrees off the exact side view; roll: degrees it leans to its right (clockwise).

        distance: metres along the floor to the point aimed at; hfov: degrees.
        """
        a = math.radians(yaw)
        data = bpy.data.cameras.new("camera")
        data.sensor_fit, data.angle = "HORIZONTAL", math.radians(hfov)
        o = bpy.data.objects.new("camera", data)
        bpy.context.collection.objects.link(o)
        at = Vector((aim[0] + math.sin(a) * distance, aim[1] - math.cos(a) * distance, height))
        q = (Vector(aim) - at).to_track_quat("-Z", "Y")
        o.rotation_mode = "QUATERNION"
        o.location, o.rotation_quaternion = at, q @ Quaternion((0, 0, -1), math.radians(roll))
        bpy.context.scene.camera = o
        bpy.context.view_layer.update()
        self.size = size
        self.focal = (size[0] / 2) / math.tan(math.radians(hfov) / 2)
        self.to_camera = np.array(o.matrix_world.inverted())

    def project(self, points: np.ndarray) -> np.ndarray:
        """World metres (N, 3) to pixels (N, 2), origin at the image's top left corner."""
        c = np.atleast_2d(points) @ self.to_camera[:3, :3].T + self.to_camera[:3, 3]
        w, h = self.size
        x = w / 2 + self.focal * c[:, 0] / -c[:, 2]
        y = h / 2 - self.focal * c[:, 1] / -c[:, 2]
        return np.stack([x, y], 1)


class Figure:
    """The person's meshes in Blender, moved by handing over new vertex positions."""

    ROUGH: ClassVar = {"body": (0.5, 0.35), "hair": (0.55, 0.3), "eyes": (0.1, 0.6)}
    PUFFED = ("suit", "shoes")  # 5 mm outward, so that skin does not poke through

    def __init__(self, meshes: list[dict], colours: dict[str, Colour]):
        self.objects, self.triangles = [], {}
        for m in meshes:
            name = m["name"]
            mesh = bpy.data.meshes.new(name)
            mesh.from_pydata(m["rest"].tolist(), [], m["faces"])
            mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
            mesh.update()
            if name in self.PUFFED:
                mesh.calc_loop_triangles()
                self.triangles[name] = np.array([t.vertices[:] for t in mesh.loop_triangles])
            o = bpy.data.objects.new(name, mesh)
            bpy.context.collection.objects.link(o)
            rough, spec = self.ROUGH.get(name, (0.85, 0.15))
            mesh.materials.append(material(name, colours[name], rough, spec))
            if name != "eyes":
                mod = o.modifiers.new("smooth", "SUBSURF")
                mod.levels = mod.render_levels = 1
            self.objects.append(o)
        mesh = bpy.data.meshes.new("strap")
        mesh.from_pydata([(0, 0, -1)] * 8, [], [(0, 1, 3, 2), (2, 3, 5, 4), (4, 5, 7, 6)])
        self.strap = bpy.data.objects.new("strap", mesh)
        bpy.context.collection.objects.link(self.strap)
        mesh.materials.append(material("strap", (0.55, 0.42, 0.05), 0.8))

    def put(self, vertices: list[np.ndarray], strap: np.ndarray) -> None:
        """Move every mesh; strap: the four points it runs through, or none."""
        for o, v in zip(self.objects, vertices, strict=True):
            on = self._puffed(v, self.triangles[o.name]) if o.name in self.PUFFED else v
            o.data.vertices.foreach_set("co", on.astype(np.float32).ravel())
            o.data.update()
        self.strap.hide_render = len(strap) == 0
        if len(strap):
            half, wide = np.array([0, 0, 0.016]), np.array([0.018, 0, 0])
            ribbon = np.stack([strap - half, strap + half], 1)
            ribbon[1:3] = np.stack([strap[1:3] - wide, strap[1:3] + wide], 1)
            self.strap.data.vertices.foreach_set("co", ribbon.astype(np.float32).ravel())
            self.strap.data.update()

    @staticmethod
    def _puffed(v: np.ndarray, triangles: np.ndarray) -> np.ndarray:
        a, b, c = (v[triangles[:, k]] for k in range(3))
        face, n = np.cross(b - a, c - a), np.zeros_like(v)
        for k in range(3):
            np.add.at(n, triangles[:, k], face)
        return v + 0.005 * n / (np.linalg.norm(n, axis=1, keepdims=True) + 1e-12)

    def show(self, on: bool) -> None:
        """Show or hide the person (the strap appears with the next pose that has one)."""
        for o in self.objects:
            o.hide_render = not on
        if not on:
            self.strap.hide_render = True


class Renderer:
    """Cycles with few samples and a denoiser."""

    def __init__(self, size: tuple[int, int], threads: int = 0):
        s = self.scene = bpy.context.scene
        s.render.engine = "CYCLES"
        c = s.cycles
        c.device, c.use_adaptive_sampling = "CPU", False
        c.use_denoising, c.denoiser, c.denoising_prefilter = True, "OPENIMAGEDENOISE", "FAST"
        c.max_bounces, c.diffuse_bounces, c.glossy_bounces, c.transmission_bounces = 2, 2, 1, 0
        c.caustics_reflective = c.caustics_refractive = False
        c.sample_clamp_indirect = 5
        s.render.resolution_x, s.render.resolution_y = size
        s.render.resolution_percentage = 100
        s.render.use_persistent_data = True
        if threads:
            s.render.threads_mode, s.render.threads = "FIXED", threads
        s.render.image_settings.file_format = "PNG"
        s.render.image_settings.compression = 0
        s.view_settings.view_transform, s.view_settings.look = "Filmic", "Medium High Contrast"
        s.view_settings.exposure = 0.55
        self.size = size

    def render(self, path: Path, samples: int, region=None) -> np.ndarray:
        """The picture (h, w, 3), 0-255; path: a file to pass it through.

        region: x0, y0, x1, y1 in pixels, origin at the top left; None for the whole picture.
        """
        s, (w, h) = self.scene, self.size
        s.cycles.samples, s.cycles.seed = samples, 0
        s.render.use_border = s.render.use_crop_to_border = region is not None
        if region is not None:
            x0, y0, x1, y1 = region
            s.render.border_min_x, s.render.border_max_x = x0 / w, x1 / w
            s.render.border_min_y, s.render.border_max_y = 1 - y1 / h, 1 - y0 / h
        s.render.filepath = str(path)
        with _quiet():
            bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(str(path))
        iw, ih = image.size
        flat = np.empty(iw * ih * 4, np.float32)
        image.pixels.foreach_get(flat)
        bpy.data.images.remove(image)
        return flat.reshape(ih, iw, 4)[::-1, :, :3] * 255


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Blender prints every frame's progress straight to the process's stdout."""
    keep, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try:
        yield
    finally:
        os.dup2(keep, 1)
        os.close(keep)
        os.close(null)
