"""Trackers outside of PyTorch: their networks as ONNX graphs, and what runs those."""

from .cache import cache_folder, graphs_of_any_size, set_backend
from .exporting import export_detector, export_tracker
from .graph_detector import GraphDetector
from .networks import GraphNetworks, fixed_graphs
from .runtimes import OnnxRuntime, OpenVino, build_runtime

__all__ = [
    'GraphDetector',
    'GraphNetworks',
    'OnnxRuntime',
    'OpenVino',
    'build_runtime',
    'cache_folder',
    'export_detector',
    'export_tracker',
    'fixed_graphs',
    'graphs_of_any_size',
    'set_backend',
]
