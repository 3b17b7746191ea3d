"""What lies beside exported graphs: of which model they are, and what runs them needs to know."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import Any

from torch import nn

from ..data_files import read_json_object
from ..errors import ExportError
from ..fileio import file_sha256, write_atomically
from ..models.detectors import ProposalDetector

NAME = 'graphs.json'
VERSION = 1
# What changes while a model tracks.
CHANGING = ('training', 'next_id', 'video', 'compared')


@dataclass
class Manifest:
    """What is known of a folder of graphs.

    Attributes:
        model: Digest of the weights and settings of the tracker, see :func:`digest_of`.
        config: Name of its config, for people.
        size: (height, width) in pixels of the frames that the encoder takes.
        detector_size: (height, width) of those that ``detector`` takes; None where there is none.
        level_sizes: (height, width) of each level of the tokens; none of a detector alone.
        embed_dims: Width C of tokens and queries; 0 of a detector alone.
        precision: 'float32' or 'int8'.
        files: SHA-256 of each graph by its name.
        lifecycle: Settings of the lifecycle, for programs that have their own.
        detection: Thresholds of the detections: ``score_thr``, ``keep_labels`` of the tracker,
            ``head_score_thr`` and ``iou_threshold`` of the head.
        version: Of this layout.
    """

    model: str
    config: str
    size: tuple[int, int]
    detector_size: tuple[int, int] | None = None
    level_sizes: list[tuple[int, int]] = field(default_factory=list)
    embed_dims: int = 0
    precision: str = 'float32'
    files: dict[str, str] = field(default_factory=dict)
    lifecycle: dict[str, Any] = field(default_factory=dict)
    detection: dict[str, Any] = field(default_factory=dict)
    version: int = VERSION

    def write(self, folder: Path) -> None:
        """Write it beside the graphs, whose digests it takes."""
        self.files = {path.name: file_sha256(path) for path in sorted(folder.glob('*.onnx'))}
        write_atomically(folder / NAME, json.dumps(asdict(self), indent=1) + '\n')

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read it, and compare the graphs with it.

        Raises:
            ExportError: The folder holds no exported graphs, or not those that were exported.
        """
        if not (folder / NAME).is_file():
            raise ExportError(
                f'{folder} has no {NAME}, so it is no folder of exported graphs: make one with '
                '`vsd-mot export`'
            )
        content = read_json_object(folder / NAME, 'version', 'model', 'files')
        if content['version'] != VERSION:
            raise ExportError(
                f'{folder / NAME} is of version {content["version"]}, and this program reads '
                f'{VERSION}: export again'
            )
        try:
            manifest = cls(**content)
            manifest.size = _pair(manifest.size)
            manifest.level_sizes = [_pair(one) for one in manifest.level_sizes]
            if manifest.detector_size is not None:
                manifest.detector_size = _pair(manifest.detector_size)
            files = dict(manifest.files)
        except (TypeError, ValueError) as error:
            raise ExportError(f'{folder / NAME} is damaged ({error}): export again') from error
        for name, digest in files.items():
            path = folder / Path(name).name
            if not path.is_file():
                raise ExportError(f'{path} is missing: export again')
            if file_sha256(path) != digest:
                raise ExportError(
                    f'{path} is not the graph that was exported (another digest): export again'
                )
        return manifest

    def require(self, digest: str, folder: Path) -> None:
        """Check that the graphs are of a model.

        Args:
            digest: Of the model, by :func:`digest_of`.
            folder: Where they are, for the message.

        Raises:
            ExportError: They are of another one.
        """
        if self.model != digest:
            raise ExportError(
                f'the graphs in {folder} are of another model ({self.config}): other settings or '
                'weights. Export this one, or name the config and weights that were exported'
            )


def _pair(values: Any) -> tuple[int, int]:
    height, width = values
    return int(height), int(width)


def digest_of(model: nn.Module) -> str:
    """Return a digest of all that decides what a model's networks compute.

    Weights and buffers, its detector's included, and the structure with its settings as far as
    modules show them.
    """
    digest = hashlib.sha256()
    # The detector of a tracker hides its own from the tracker's modules.
    parts = {'': model}
    for name, module in model.named_modules():
        if isinstance(module, ProposalDetector):
            parts[f'{name}.detector.'] = module.detector
    for prefix, part in parts.items():
        for name, module in part.named_modules():
            settings = {
                key: value
                for key, value in sorted(vars(module).items())
                if not key.startswith('_') and key not in CHANGING
                if isinstance(value, int | float | str | tuple | Enum)
            }
            digest.update(f'{prefix}{name} {type(module).__name__} {settings}'.encode())
        # Not the state dict, which leaves out what no checkpoint holds, such as a fixed weight.
        for name, value in chain(part.named_parameters(), part.named_buffers()):
            digest.update(f'{prefix}{name}{tuple(value.shape)}{value.dtype}'.encode())
            digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
