"""Graphs that are exported when they are needed, and kept."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import ExportError
from ..models.query_tracking import MOTRv2
from .exporting import export_tracker
from .manifest import NAME, digest_of
from .networks import GraphSource
from .runtimes import Runtime


def cache_folder() -> Path:
    """Return the folder in which graphs are kept."""
    root = os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'
    return Path(root) / 'vsd_mot' / 'graphs'


def graphs_of_any_size(
    model: MOTRv2, cache: Path, runtime: Runtime, *, config: str = ''
) -> GraphSource:
    """Export graphs when frames of a size come for the first time, and keep them.

    Args:
        model: The tracker.
        cache: Folder in which they are kept, by model and size.
        runtime: What they are checked with.
        config: Name of the model's config, for people.

    Raises:
        ExportError: From the source: the model cannot be exported, or the runtime is not exact.
    """
    digest = digest_of(model)[:16]

    def source(size: tuple[int, int]) -> Path:
        folder = cache / digest / f'{size[1]}x{size[0]}'
        if not (folder / NAME).is_file():
            if not runtime.exact:
                raise ExportError(
                    f'graphs are compared by an exact backend: run `vsd-mot export`, or '
                    f'{runtime.name} in float32, once, before'
                )
            export_tracker(model, folder, size=size, runtime=runtime, config=config)
        return folder

    return source
