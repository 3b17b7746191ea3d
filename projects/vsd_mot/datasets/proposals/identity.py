"""What proposals are made with; those of another identity are not put together."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config

from ...fileio import file_sha256


def detector_identity(
    cfg: Config,
    pipeline: list[dict],
    *,
    name: str,
    checkpoint: str | Path,
    score_thr: float,
    labels: Sequence[int],
) -> dict:
    """Describe a detector, the same on every machine.

    Args:
        cfg: Its config.
        pipeline: Its test pipeline.
        name: Its name.
        checkpoint: Its weights.
        score_thr: Boxes with a score above it are kept.
        labels: Classes that are kept.

    Returns:
        JSON-like; the ``meta`` of a proposal file.
    """
    settings = json.dumps(portable([cfg.model, pipeline]), sort_keys=True)
    return dict(
        detector=name,
        config_sha256=hashlib.sha256(settings.encode()).hexdigest(),
        checkpoint_sha256=file_sha256(checkpoint),
        score_thr=score_thr,
        labels=list(labels),
    )


def portable(node: object) -> object:
    """Return a part of a config as JSON can hold it, the same on every machine: without folders."""
    if isinstance(node, dict):
        # The weights that are used are the checkpoint's.
        return {str(key): portable(value) for key, value in node.items() if key != 'init_cfg'}
    if isinstance(node, list | tuple):
        return [portable(value) for value in node]
    if isinstance(node, str):
        return Path(node).name if os.path.isabs(node) else node
    if node is None or isinstance(node, bool | int | float):
        return node
    return getattr(node, '__qualname__', None) or str(node)
