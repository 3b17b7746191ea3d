"""Which graphs compute a tracker: those of a folder, or such as are exported when needed."""

from __future__ import annotations

import os
from pathlib import Path

from torch import nn

from ..errors import ExportError
from ..locks import FileLock
from ..models.query_tracking import CudaGraphNetworks, MOTRv2
from .exporting import export_tracker
from .graphs import require_supported
from .manifest import NAME, digest_of
from .networks import GraphNetworks, GraphSource, fixed_graphs
from .runtimes import Runtime, build_runtime

# The name of the backend that exports nothing.
CUDA_GRAPHS = 'cuda-graphs'


def set_backend(
    model: nn.Module,
    backend: str,
    *,
    graphs: str | Path | None = None,
    threads: int | None = None,
    config: str = '',
) -> None:
    """Let something other than eager PyTorch compute a tracker's networks from now on.

    Args:
        model: The tracker; on the CPU, or for 'cuda-graphs' on a GPU.
        backend: 'cuda-graphs', or what runs exported graphs, 'onnxruntime', 'openvino' ...; see
            :func:`build_runtime`.
        graphs: Folder that `vsd-mot export` has written. None: they are exported when frames of a
            size come for the first time, and kept in :func:`cache_folder`.
        threads: As the backend takes them; None as many as PyTorch.
        config: Name of the config, for people.

    Raises:
        ExportError: There is no such backend, the model cannot be exported, or is on another
            device.
        MissingExtraError: The backend's package is not installed.
    """
    if backend == CUDA_GRAPHS:
        if graphs is not None:
            raise ExportError('cuda-graphs runs no exported graphs: leave the folder out')
        if not isinstance(model, MOTRv2):
            raise ExportError(f'{type(model).__name__} has no CUDA graphs: the MOTRv2 family has')
        model.runtime = CudaGraphNetworks(model)
        return
    tracker = require_supported(model)
    device = next(tracker.parameters()).device
    if device.type != 'cpu':
        raise ExportError(
            f'the model is on {device}, and graphs run beside it on the CPU: --device cpu'
        )
    runtime = build_runtime(backend, threads=threads)
    if graphs is not None:
        source = fixed_graphs(Path(graphs))
    else:
        source = graphs_of_any_size(tracker, cache_folder(), runtime, config=config)
    tracker.runtime = GraphNetworks(tracker, source, runtime)


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
        if (folder / NAME).is_file():
            return folder
        if not runtime.exact:
            raise ExportError(
                f'graphs are compared by an exact backend: run `vsd-mot export`, or '
                f'{runtime.name} in float32, once, before'
            )
        with FileLock(cache / digest / f'.{folder.name}.lock', str(folder), wait=True):
            if not (folder / NAME).is_file():  # by another process, while this one waited
                export_tracker(model, folder, size=size, runtime=runtime, config=config)
        return folder

    return source
