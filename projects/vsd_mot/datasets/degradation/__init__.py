"""The second-order Real-ESRGAN degradation, coherent over a video; usable without the rest."""

from .fluctuation import Fluctuation
from .kernels import gaussian_kernel, plateau_kernel, sinc_kernel
from .parameters import FrameParams, KernelParams, NoiseParams, OrderParams
from .settings import DegradationSettings, OrderSettings
from .transform import RandomDegradation
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
    'RandomDegradation',
    'VideoDegradation',
    'degrade_image',
    'gaussian_kernel',
    'plateau_kernel',
    'sinc_kernel',
]
