"""Mixed precision wherever the training runs."""

from typing import Any

import torch
from mmengine.device import get_device
from mmengine.optim import AmpOptimWrapper, OptimWrapper
from mmtrack.registry import OPTIM_WRAPPERS


@OPTIM_WRAPPERS.register_module(name='AmpOptimWrapper')
class PortableAmpOptimWrapper(AmpOptimWrapper):
    """MMEngine's `AmpOptimWrapper`, which refuses a machine without GPU, on the CPU as well.

    The CPU computes in bfloat16, which has float32's range and needs no scaling of the loss. Under
    MMTracking's scope this class answers to the original's name, so that `--amp` works in all
    training scripts.

    Args:
        loss_scale: As in `AmpOptimWrapper`; of no effect on the CPU.
        dtype: As in `AmpOptimWrapper`; bfloat16 on the CPU.
        **kwargs: As in `AmpOptimWrapper`.
    """

    def __init__(
        self,
        loss_scale: float | str | dict = 'dynamic',
        dtype: str | torch.dtype | None = None,
        **kwargs: Any,
    ) -> None:
        if get_device() != 'cpu':
            super().__init__(loss_scale=loss_scale, dtype=dtype, **kwargs)
            return
        OptimWrapper.__init__(self, **kwargs)
        self.loss_scaler = torch.amp.GradScaler(device='cpu', enabled=False)
        self.cast_dtype = torch.bfloat16
        self._scale_update_param = None
