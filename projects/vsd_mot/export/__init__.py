"""Trackers outside of PyTorch: their networks as ONNX graphs, and what runs those."""

from .exporting import export_detector, export_tracker
from .networks import GraphNetworks, fixed_graphs, graphs_of_any_size
from .runtimes import OnnxRuntime, OpenVino, build_runtime

__all__ = [
    'GraphNetworks',
    'OnnxRuntime',
    'OpenVino',
    'build_runtime',
    'export_detector',
    'export_tracker',
    'fixed_graphs',
    'graphs_of_any_size',
]
