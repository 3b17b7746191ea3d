"""Let something other than PyTorch compute a tracker's networks."""

from __future__ import annotations

from pathlib import Path

from ..errors import ExportError
from ..export import set_backend
from .tracker import Tracker


def use_backend(
    tracker: Tracker,
    backend: str | None,
    *,
    graphs: str | Path | None = None,
    threads: int | None = None,
    config: str = '',
) -> None:
    """Let a tracker's networks be computed by exported graphs, or by CUDA graphs, from now on.

    Args:
        tracker: From :func:`init_tracker`, on the CPU; for 'cuda-graphs' on a GPU.
        backend: A name of ``vsd_mot.export.runtimes.BACKENDS``, such as 'onnxruntime';
            'cuda-graphs' (:class:`~vsd_mot.models.query_tracking.CudaGraphNetworks`); None or
            'pytorch' goes back to PyTorch.
        graphs: Folder that `vsd-mot export` has written. None: they are exported when frames of a
            size come for the first time, and kept in ``~/.cache/vsd_mot/graphs``.
        threads: As the backend takes them; None as many as PyTorch.
        config: Name of the config, for people.

    Raises:
        ExportError: There is no such backend, the model cannot be exported, or is on another
            device.
        MissingExtraError: The backend's package is not installed.
    """
    if backend in (None, 'pytorch'):
        if graphs is not None:
            raise ExportError('PyTorch runs no graphs: name a backend, onnxruntime or openvino')
        if hasattr(tracker.model, 'runtime'):
            tracker.model.runtime = None
        tracker.backend = 'pytorch'
        return
    set_backend(tracker.model, str(backend), graphs=graphs, threads=threads, config=config)
    tracker.backend = str(backend)
