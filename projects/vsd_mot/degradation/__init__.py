"""What spoils frames, usable without the rest: Real-ESRGAN videos and the corruptions.

The second-order Real-ESRGAN degradation is coherent over a video; ``corruptions`` are those of the
robustness benchmark.
"""

from .fluctuation import Fluctuation
from .kernels import gaussian_kernel, plateau_kernel, sinc_kernel
from .parameters import FrameParams, KernelParams, NoiseParams, OrderParams
from .settings import DegradationSettings, OrderSettings
from .video import DEGRADATION_VERSION, VideoDegradation, degrade_image

__all__ = [
    'DEGRADATION_VERSION',
    'DegradationSettings',
    'Fluctuation',
    'FrameParams',
    'KernelParams',
    'NoiseParams',
    'OrderParams',
    'OrderSettings',
    'VideoDegradation',
    'degrade_image',
    'gaussian_kernel',
    'plateau_kernel',
    'sinc_kernel',
]
