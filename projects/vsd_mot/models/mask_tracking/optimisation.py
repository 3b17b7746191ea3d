"""How VMOS is optimised: weight decay, slow learning rates, the schedule, the averaged weights."""

from __future__ import annotations

import torch
from mmengine.model import BaseAveragedModel
from mmengine.optim import DefaultOptimWrapperConstructor, OptimWrapper
from mmengine.optim.scheduler.param_scheduler import _ParamScheduler
from mmengine.registry import MODELS as ENGINE_MODELS
from mmengine.registry import (
    OPTIM_WRAPPER_CONSTRUCTORS,
    OPTIM_WRAPPERS,
    OPTIMIZERS,
    PARAM_SCHEDULERS,
)
from torch import Tensor, nn

# Names within VMOS of what is treated apart.
ENCODER, IDENTITIES, HEAD_CONVS = 'encoder.', 'identity_bank.', ('head.conv.', 'head.classifier.')


@OPTIM_WRAPPER_CONSTRUCTORS.register_module()
class MaskOptimWrapperConstructor(DefaultOptimWrapperConstructor):
    """Three groups of weights, each with and without weight decay, as published.

    Biases, 1-D weights outside of the encoder and the head's convolutions do not decay; norms and
    layer scales of the encoder do. Groups have the entries ``role`` (``'encoder'``,
    ``'identities'``, ``'other'``) and ``names``, which :class:`WarmupPolyLR` and messages use.
    """

    def __call__(self, model: nn.Module) -> OptimWrapper:
        """Build the wrapper of the optimiser of a model."""
        groups: dict[tuple[str, bool], dict] = {}
        for name, weight in getattr(model, 'module', model).named_parameters():
            if not weight.requires_grad:
                continue
            name = name.removeprefix('vmos.')
            role, decays = weight_role(name), weight_decays(name, weight)
            group = groups.setdefault((role, decays), dict(params=[], names=[], role=role))
            group['params'].append(weight)
            group['names'].append(name)
            group['weight_decay'] = self.base_wd if decays else 0.0
        optimizer = OPTIMIZERS.build(dict(self.optimizer_cfg, params=list(groups.values())))
        return OPTIM_WRAPPERS.build(
            dict(self.optim_wrapper_cfg, optimizer=optimizer),
            default_args=dict(type='OptimWrapper'),
        )


def weight_role(name: str) -> str:
    """Which group a weight of VMOS belongs to: ``'encoder'``, ``'identities'`` or ``'other'``."""
    if name.startswith(ENCODER):
        return 'encoder'
    # The published rule finds the two convolutions by name, not their norms.
    return 'identities' if name.startswith(IDENTITIES) else 'other'


def weight_decays(name: str, weight: Tensor) -> bool:
    """Whether weight decay acts on a weight of VMOS."""
    if name.endswith('.bias') or name.startswith(HEAD_CONVS):
        return False
    return weight.dim() > 1 or name.startswith(ENCODER)


@PARAM_SCHEDULERS.register_module()
class WarmupPolyLR(_ParamScheduler):
    """Linear warm-up from the least rate, then ``(1 - i / (N + 1))^power`` back to it.

    Args:
        optimizer: The optimiser (or its wrapper).
        total: Number of steps of the whole training.
        least: Least rate, of the first step and nearly of the last. Raising it keeps the network
            moving at the end of the training.
        warmup: Share of the steps that warm up. Raising it begins more gently, and learns for less
            time at the full rate.
        power: Of the decay; 1 is a straight line, less stays high longer.
        encoder_factor: The encoder's rate is this part of the way from the least rate. Raising it
            lets the encoder leave its pretrained weights faster.
        identities_until: Share of the steps after which the identities' rate is 0; None: never.
            Raising it trains the identities longer.
        last_step: Where a resumed training is.
        begin: Not used but by mmengine, as ``end``, ``by_epoch`` and ``verbose``.
        end: See ``begin``.
        by_epoch: See ``begin``.
        verbose: See ``begin``.
    """

    def __init__(
        self,
        optimizer: torch.optim.Optimizer | OptimWrapper,
        *,
        total: int,
        least: float,
        warmup: float = 0.05,
        power: float = 0.9,
        encoder_factor: float = 0.1,
        identities_until: float | None = None,
        last_step: int = -1,
        begin: int = 0,
        end: int = 10**9,
        by_epoch: bool = False,
        verbose: bool = False,
    ) -> None:
        self.total, self.least, self.power = total, least, power
        self.warmup_steps = int(warmup * total)
        self.encoder_factor = encoder_factor
        self.identities_until = identities_until
        super().__init__(optimizer, 'lr', begin, end, last_step, by_epoch, verbose)

    def _get_value(self) -> list[float]:
        return [self.rate(self.last_step, group) for group in self.optimizer.param_groups]

    def rate(self, step: int, group: dict) -> float:
        """Return the rate of a group of weights at a step."""
        base, role = group['initial_lr'], group.get('role', 'other')
        if step < self.warmup_steps:
            share = step / self.warmup_steps
        else:
            after, steps = step - self.warmup_steps, self.total - self.warmup_steps
            share = max(0.0, 1 - after / (steps + 1)) ** self.power
        if role == 'encoder':
            share *= self.encoder_factor
        until = self.identities_until
        if role == 'identities' and until is not None and step >= until * self.total:
            return 0.0
        return self.least + (base - self.least) * share


@ENGINE_MODELS.register_module()
class RampedAverage(BaseAveragedModel):
    """Average of the weights over the last tenth of the steps; early on, over fewer.

    Args:
        model: The model.
        total: Number of steps of the whole training.
        span: Share of the steps over which the average reaches at the end. Raising it averages over
            more of the training: smoother, and older.
        interval: Steps between two updates. Raising it costs less time, and averages fewer states.
        device: Where the average is kept; None: with the model.
        update_buffers: Whether buffers are averaged, too.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        total: int,
        span: float = 0.1,
        interval: int = 1,
        device: torch.device | None = None,
        update_buffers: bool = False,
    ) -> None:
        super().__init__(model, interval, device, update_buffers)
        self.final = 1 - 1 / max(span * total, 1)

    def avg_func(self, averaged_param: Tensor, source_param: Tensor, steps: int) -> None:
        """Move an averaged weight towards its source, in place."""
        averaged_param.lerp_(source_param, 1 - self.decay(int(steps)))

    def decay(self, steps: int) -> float:
        """Return what remains of the average at an update."""
        return min(self.final, (1 + steps) / (10 + steps))
