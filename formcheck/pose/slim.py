"""A pose model without its silhouette branch: the same landmarks to the bit, in two thirds of the time.

The landmark model computes a silhouette of 256 x 256 with every pose, whether it is asked for or not. Its layers are a
tenth of the arithmetic but the widest ones: measured with the model "full" on two cores, 10.9 ms a frame with them and
6.3 ms without. No landmark depends on them (`tests/pose/test_pose_slim.py` compares every number), so they are left out
where no silhouette is wanted. mediapipe still expects the output; a constant stands in its place.
"""

from __future__ import annotations

import functools
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

LANDMARKS_MODEL = "pose_landmarks_detector.tflite"


def without_silhouette(bundle: Path) -> bytes:
    """A ``.task`` bundle as it is in the file, less the layers that only the silhouette needs.

    Args:
        bundle: A pose landmarker bundle, see `formcheck.pose.models.find_model`.

    Returns:
        The bundle's bytes; unchanged where its landmark model has no silhouette of the input's size to leave out.

    Raises:
        OSError: The file cannot be read.
        KeyError: It holds no landmark model.
        zipfile.BadZipFile: It is no bundle.
    """
    told = bundle.stat()
    return _without_silhouette(bundle, told.st_mtime_ns, told.st_size)


@functools.lru_cache(maxsize=1)  # every finder makes two tasks, and every clip a finder
def _without_silhouette(bundle: Path, _mtime_ns: int, _size: int) -> bytes:
    slim = io.BytesIO()
    with zipfile.ZipFile(bundle) as whole, zipfile.ZipFile(slim, "w", zipfile.ZIP_STORED) as out:
        model = _pruned(whole.read(LANDMARKS_MODEL))
        if model is None:
            return bundle.read_bytes()
        for name in whole.namelist():
            out.writestr(name, model if name == LANDMARKS_MODEL else whole.read(name))
    return slim.getvalue()


def _pruned(model: bytes) -> bytes | None:
    """The landmark model less its silhouette branch, None where it has none."""
    import flatbuffers  # noqa: PLC0415 - slow, as mediapipe is
    from mediapipe.tasks.metadata import schema_py_generated as schema  # noqa: PLC0415

    parsed = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(model), 0))
    graph = parsed.subgraphs[0]
    silhouettes = [output for output in graph.outputs if _is_silhouette(graph, output)]
    if len(silhouettes) != 1:
        return None
    others = [output for output in graph.outputs if output != silhouettes[0]]
    kept = _needed(graph, others)
    graph.operators = [operator for i, operator in enumerate(graph.operators) if i in kept]
    stand_in = schema.BufferT()
    stand_in.data = np.zeros(int(np.prod(graph.tensors[silhouettes[0]].shape)) * 4, np.uint8)
    parsed.buffers.append(stand_in)
    graph.tensors[silhouettes[0]].buffer = len(parsed.buffers) - 1
    builder = flatbuffers.Builder(len(model))
    builder.Finish(parsed.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _is_silhouette(graph: Any, output: int) -> bool:
    """Whether an output has one float32 value (type 0) for each pixel of the input."""
    shape, picture = (list(graph.tensors[i].shape) for i in (output, graph.inputs[0]))
    return shape == [*picture[:3], 1] and graph.tensors[output].type == 0


def _needed(graph: Any, outputs: list[int]) -> set[int]:
    """Places of the operators that these outputs depend on."""
    maker = {int(made): i for i, operator in enumerate(graph.operators) for made in operator.outputs}
    needed: set[int] = set()
    tensors = [int(output) for output in outputs]
    while tensors:
        i = maker.get(tensors.pop())
        if i is not None and i not in needed:
            needed.add(i)
            tensors += [int(tensor) for tensor in graph.operators[i].inputs]
    return needed
