"""What surrounds a model: checkpoints, mixed precision, launching."""

from .amp import PortableAmpOptimWrapper
from .atomic_checkpoint import AtomicBackend, AtomicCheckpointHook
from .checkpoint_fit import CheckpointFitHook
from .launch import prepare_config, start_process_group
from .safe_loading import load_weights

__all__ = [
    'AtomicBackend',
    'AtomicCheckpointHook',
    'CheckpointFitHook',
    'PortableAmpOptimWrapper',
    'load_weights',
    'prepare_config',
    'start_process_group',
]
