"""The networks of a tracker as CUDA graphs: one launch for each instead of one for every kernel."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from typing import Any

import torch
from mmtrack.structures import TrackDataSample
from torch import Tensor, nn

from ...errors import ExportError
from ..description import FrameDescription
from ..frames import FrameBatch, FrameFeatures
from .frame_model import FrameModel
from .parts import FrameAnalysis, Predictions
from .queries import QuerySet

# Lazy set-up, such as a library's workspace, must be over before a graph is recorded.
WARM_UP_RUNS = 2
MAX_GRAPHS = 256


def map_tensors(function: Callable[[Tensor], Any], value: Any) -> Any:
    """Apply a function to all tensors in lists, tuples, dicts and dataclasses, however deep.

    Args:
        function: Called with each tensor, in order.
        value: What holds them; other things in it stay.

    Returns:
        The same structure with the results in the places of the tensors.
    """
    if isinstance(value, Tensor):
        return function(value)
    if is_dataclass(value) and not isinstance(value, type):
        named = {one.name: map_tensors(function, getattr(value, one.name)) for one in fields(value)}
        return replace(value, **named)
    if isinstance(value, dict):
        return {name: map_tensors(function, one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        parts = [map_tensors(function, one) for one in value]
        return type(value)(*parts) if hasattr(value, '_fields') else type(value)(parts)
    return value


class RecordedFunction:
    """A function on a GPU, recorded as a CUDA graph for each shape of its arguments and replayed.

    What it computes is what the function computes: the same kernels in the same order. The first
    call of a shape takes as long as three.

    Args:
        function: Of tensors in structures as :func:`map_tensors` takes. It must not wait for the
            GPU, nor choose its way by values of tensors.
        name: For people.

    Raises:
        ExportError: On a call: the function cannot be recorded.
    """

    def __init__(self, function: Callable, name: str) -> None:
        self.function = function
        self.name = name
        # by shape, the latest used last: graph, tensors that it reads, results that it writes
        self._graphs: OrderedDict[str, tuple[torch.cuda.CUDAGraph, list[Tensor], Any]]
        self._graphs = OrderedDict()
        self._buffers: dict[tuple, Tensor] = {}

    @cached_property
    def _memory(self) -> Any:
        """A pool for all graphs: they run one after the other, and results are copied at once."""
        return torch.cuda.graph_pool_handle()

    def __call__(self, *arguments: Any) -> Any:
        """Compute the function; the results are the caller's own."""
        values: list[Tensor] = []

        def take(value: Tensor) -> tuple:
            values.append(value)
            return (*value.shape, value.dtype)

        shapes = map_tensors(take, arguments)
        precision = torch.get_autocast_dtype('cuda') if torch.is_autocast_enabled('cuda') else None
        key = f'{precision} {shapes}'
        if key not in self._graphs:
            if len(self._graphs) >= MAX_GRAPHS:
                self._graphs.popitem(last=False)
            self._graphs[key] = self._record(arguments, precision)
        self._graphs.move_to_end(key)
        graph, read, written = self._graphs[key]
        for buffer, value in zip(read, values):
            buffer.copy_(value)
        graph.replay()
        return map_tensors(Tensor.clone, written)

    def _record(
        self, arguments: tuple, precision: torch.dtype | None
    ) -> tuple[torch.cuda.CUDAGraph, list[Tensor], Any]:
        read: list[Tensor] = []

        def buffer(value: Tensor) -> Tensor:
            # graphs read one place where they can: tokens of a frame are large
            place = (len(read), value.shape, value.dtype, value.device)
            if place not in self._buffers:
                self._buffers[place] = torch.empty_like(
                    value, memory_format=torch.contiguous_format
                )
            read.append(self._buffers[place].copy_(value))
            return read[-1]

        own = map_tensors(buffer, arguments)
        # Weights that autocast has cast and keeps are gone when it ends: the graph casts its own.
        casting: AbstractContextManager = nullcontext()
        if precision is not None:
            casting = torch.autocast('cuda', dtype=precision, cache_enabled=False)
        graph = torch.cuda.CUDAGraph()
        stream = torch.cuda.Stream()
        try:
            with casting:
                stream.wait_stream(torch.cuda.current_stream())
                with torch.cuda.stream(stream):
                    for _ in range(WARM_UP_RUNS):
                        self.function(*own)
                torch.cuda.current_stream().wait_stream(stream)
                with torch.cuda.graph(graph, pool=self._memory):
                    written = self.function(*own)
        except torch.cuda.OutOfMemoryError:
            raise
        except RuntimeError as error:
            raise ExportError(
                f'{self.name} cannot be recorded as a CUDA graph: it waits for the GPU, or takes '
                f'values to it from the CPU ({str(error).splitlines()[0]}). Run it without '
                '--backend cuda-graphs'
            ) from error
        return graph, read, written


class CudaGraphNetworks:
    """Computes :class:`~.parts.Networks` by the model's own kernels, as CUDA graphs.

    Recorded are encoder, semantic branch, decoder, and the networks of the detector; what depends
    on numbers that only the GPU knows (non-maximum suppression, lifecycle, propagation) runs as
    before. A graph is for one size of frames and one number of queries, recorded when it comes up.

    Args:
        model: The tracker, on a GPU, as it is now: later changes of its parts are not seen.

    Raises:
        ExportError: It is not on a GPU.
    """

    def __init__(self, model: FrameModel) -> None:
        device = next(model.parameters()).device
        if device.type != 'cuda':
            raise ExportError(f'the backend cuda-graphs needs a GPU, and the model is on {device}')
        self.model = model
        self._extract = RecordedFunction(model.extract, 'the encoder')
        self._describe = RecordedFunction(model.describe, 'the semantic branch')
        self._decode = RecordedFunction(self._predict, 'the decoder')
        modules = () if model.detector is None else model.detector.network_modules
        self._detector: dict[nn.Module, RecordedFunction] = {
            module: RecordedFunction(module.forward, f"the detector's {type(module).__name__}")
            for module in modules
        }

    def analyse(
        self, frames: FrameBatch, data_samples: Sequence[TrackDataSample]
    ) -> list[FrameAnalysis]:
        """Encode, describe and detect; see :class:`.parts.Networks`."""
        features = self.model.encode(frames, extract=self._extract)
        descriptions = [FrameDescription() for _ in features]
        if self.model.semantics is not None:
            descriptions = self._describe(frames)
        with replaced_forwards(self._detector):
            proposals = self.model.propose(frames, features, data_samples)
        return list(map(FrameAnalysis, features, descriptions, proposals))

    def decode(
        self, queries: QuerySet, features: FrameFeatures, *, description: FrameDescription | None
    ) -> Predictions:
        """Predict for n queries; see :class:`.parts.Networks`."""
        return self._decode(queries, replace(features, maps=None), description)

    def _predict(
        self, queries: QuerySet, features: FrameFeatures, description: FrameDescription | None
    ) -> Predictions:
        return self.model.decode(queries, features, description=description)

    def hand_on(self, queries: QuerySet, states: Tensor, boxes: Tensor) -> QuerySet:
        """Make the tracks' queries for the next frame; see :class:`.parts.Networks`."""
        return self.model.hand_on(queries, states, boxes)


@contextmanager
def replaced_forwards(forwards: dict[nn.Module, RecordedFunction]) -> Iterator[None]:
    """Let modules compute by other functions, for as long as this is open."""
    for module, function in forwards.items():
        module.forward = function
    try:
        yield
    finally:
        for module in forwards:
            del module.forward
