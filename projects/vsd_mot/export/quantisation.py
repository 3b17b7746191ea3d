"""Static quantisation: convolutions and matrix products of the encoder in int8."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..errors import ExportError
from ..extras import needed
from .exporting import OF_FRAMES, new_folder
from .manifest import Manifest

# What reads coordinates and scores off the maps: rounding them would move every box. And what
# resizes frames: each pixel that is rounded anew is noise in the picture.
EXACT = ('multi_level_conv', 'sampling_offsets', 'resizing')
MIN_FRAMES = 4


def quantise(folder: Path, frames: Sequence[np.ndarray]) -> Manifest:
    """Put int8 in the place of float32 in the graphs of a folder that look at frames.

    Values are rounded to 8 bits with ranges that are measured once, on the frames; weights channel
    by channel to 7 bits, so that processors without VNNI do not overflow. The step stays exact.

    Args:
        folder: Exported graphs; they are replaced.
        frames: Typical frames ``(1, 3, h, w)`` uint8 RGB, of the size that the encoder takes. More
            of them, and more various ones, cover more of what values may become.

    Raises:
        ExportError: There are fewer than four frames, they are of different sizes, or the graphs
            are quantised already.
    """
    manifest = Manifest.read(folder)
    if manifest.precision != 'float32':
        raise ExportError(f'{folder} is {manifest.precision} already: export again first')
    if len(frames) < MIN_FRAMES:
        raise ExportError(
            f'{len(frames)} frames are too few to measure ranges on: give at least {MIN_FRAMES}, '
            'better 50 of several videos'
        )
    sizes = {frame.shape[2:] for frame in frames}
    if sizes != {manifest.size}:
        raise ExportError(
            f'the graphs take frames of {manifest.size}, and those for int8 come as {sizes}: take '
            'videos of one size'
        )
    with new_folder(folder) as partial:
        for path in sorted(folder.glob('*.onnx')):
            # A detector that resizes by itself stays exact.
            looks = path.stem == 'encoder' or manifest.detector_size == manifest.size
            if path.stem in OF_FRAMES and looks:
                _quantise_graph(path, partial / path.name, frames)
            else:
                (partial / path.name).write_bytes(path.read_bytes())
        manifest.precision = 'int8'
        manifest.write(partial)
    return manifest


def _quantise_graph(path: Path, out: Path, frames: Sequence[np.ndarray]) -> None:
    onnx = needed('onnx', extra='export', by='quantisation')
    tools = needed('onnxruntime.quantization', extra='export', by='quantisation')
    shapes = needed('onnxruntime.quantization.shape_inference', extra='export', by='quantisation')
    prepared = out.with_suffix('.prepared.onnx')
    with _quiet():
        shapes.quant_pre_process(str(path), str(prepared), skip_symbolic_shape=True)
        nodes = onnx.load(str(prepared)).graph.node
        exact = [node.name for node in nodes if any(part in node.name for part in EXACT)]
        tools.quantize_static(
            str(prepared),
            str(out),
            _reader(tools, frames),
            quant_format=tools.QuantFormat.QDQ,
            op_types_to_quantize=['Conv', 'MatMul'],
            per_channel=True,
            reduce_range=True,
            nodes_to_exclude=exact,
        )
    prepared.unlink()


def _reader(tools, frames: Sequence[np.ndarray]):
    inputs: Iterator[np.ndarray] = iter(frames)

    class Reader(tools.CalibrationDataReader):
        """Hands the frames on, one by one."""

        def get_next(self) -> dict[str, np.ndarray] | None:
            frame = next(inputs, None)
            return None if frame is None else {'frames': frame}

    return Reader()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's advice on how to call it out of the log."""
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.disable(logging.NOTSET)
