"""What runs a graph: ONNX Runtime, OpenVINO; another one is a registered class like these."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from mmtrack.registry import MODELS

from ..errors import ExportError
from ..extras import needed

# Names on the command line.
BACKENDS: dict[str, dict[str, Any]] = {
    'onnxruntime': dict(type='OnnxRuntime'),
    'onnxruntime-cuda': dict(type='OnnxRuntime', cuda=True),
    'openvino': dict(type='OpenVino'),
    'openvino-bf16': dict(type='OpenVino', precision='bf16'),
}
Arrays = dict[str, np.ndarray]


class Graph(Protocol):
    """A graph that is ready to run."""

    def __call__(self, **inputs: np.ndarray) -> Arrays:
        """Compute the outputs, by name, from the inputs, by name."""
        ...


class Runtime(Protocol):
    """Loads graphs.

    Attributes:
        name: For people.
        exact: Whether it computes float32 graphs in float32.
        runs_int8: Whether it computes quantised graphs rightly.
    """

    name: str
    exact: bool
    runs_int8: bool

    def load(self, path: Path) -> Graph:
        """Make a graph ready to run.

        Raises:
            ExportError: It cannot be run.
        """
        ...


@MODELS.register_module()
class OnnxRuntime:
    """ONNX Runtime.

    Args:
        threads: Within an operator; None takes as many as PyTorch does.
        cuda: Run on a GPU, where the package onnxruntime-gpu finds one.

    Raises:
        ExportError: ``cuda`` without a GPU.
        MissingExtraError: The package is not installed.
    """

    name = 'ONNX Runtime'
    exact = True
    runs_int8 = True

    def __init__(self, *, threads: int | None = None, cuda: bool = False) -> None:
        self.module = needed('onnxruntime', extra='export', by='the backend onnxruntime')
        self.threads = threads
        self.provider = 'CUDAExecutionProvider' if cuda else 'CPUExecutionProvider'
        if self.provider not in self.module.get_available_providers():
            raise ExportError(
                'onnxruntime sees no GPU here: run on the CPU, or install onnxruntime-gpu in the '
                'place of onnxruntime'
            )
        # TF32 would move scores across thresholds.
        settings = dict(use_tf32='0') if cuda else {}
        self.providers = [(self.provider, settings)]

    def load(self, path: Path) -> Graph:
        """Make a graph ready to run; see :class:`Runtime`."""
        options = self.module.SessionOptions()
        options.intra_op_num_threads = self.threads or torch.get_num_threads()
        options.log_severity_level = 3
        try:
            session = self.module.InferenceSession(str(path), options, providers=self.providers)
        except Exception as error:  # of a dozen kinds, all of the library's own
            raise _unusable(path, self.name, error) from error
        if session.get_providers()[0] != self.provider:
            raise ExportError(
                f'{self.name} fell back from {self.provider} to {session.get_providers()[0]} with '
                f'{path}: its CUDA or cuDNN is not the one that this onnxruntime-gpu was built for'
            )
        names = [output.name for output in session.get_outputs()]

        def run(**inputs: np.ndarray) -> Arrays:
            return dict(zip(names, session.run(names, inputs)))

        return run


@MODELS.register_module()
class OpenVino:
    """OpenVINO on the CPU.

    Args:
        threads: Of a graph; None takes as many as PyTorch does.
        precision: What matrices are multiplied in: 'f32', exact; 'bf16', faster and less exact.

    Raises:
        ExportError: The processor has no bf16.
        MissingExtraError: The package is not installed.
    """

    name = 'OpenVINO'
    # Its results of the encoder were far off on a processor without VNNI, on others not tried.
    runs_int8 = False

    def __init__(self, *, threads: int | None = None, precision: str = 'f32') -> None:
        module = needed('openvino', extra='export', by='the backend openvino')
        self.core = module.Core()
        known = self.core.get_property('CPU', 'OPTIMIZATION_CAPABILITIES')
        if precision == 'bf16' and 'BF16' not in known:
            raise ExportError(
                'this processor does not multiply in bf16, and OpenVINO would take float32 in its '
                'place: choose the backend openvino'
            )
        self.exact = precision == 'f32'
        self.settings = {
            'PERFORMANCE_HINT': 'LATENCY',
            'INFERENCE_PRECISION_HINT': precision,
            'INFERENCE_NUM_THREADS': threads or torch.get_num_threads(),
        }

    def load(self, path: Path) -> Graph:
        """Make a graph ready to run; see :class:`Runtime`."""
        try:
            compiled = self.core.compile_model(self.core.read_model(path), 'CPU', self.settings)
        except Exception as error:  # of a dozen kinds, all of the library's own
            raise _unusable(path, self.name, error) from error
        names = [output.get_any_name() for output in compiled.outputs]
        request = compiled.create_infer_request()

        def run(**inputs: np.ndarray) -> Arrays:
            results = request.infer(inputs)
            return {name: results[name].copy() for name in names}

        return run


def _unusable(path: Path, runtime: str, error: Exception) -> ExportError:
    reason = ' '.join(str(error).split())[:300]
    return ExportError(f'{runtime} cannot run {path}: {reason}')


def build_runtime(backend: str, **settings) -> Runtime:
    """Build a runtime by its name on the command line, or by the name of its class.

    Raises:
        ExportError: There is none of this name, or it cannot be had.
    """
    config = BACKENDS.get(backend, dict(type=backend))
    if MODELS.get(config['type']) is None:
        raise ExportError(f'there is no backend {backend!r}: choose one of {", ".join(BACKENDS)}')
    return MODELS.build({**config, **settings})
