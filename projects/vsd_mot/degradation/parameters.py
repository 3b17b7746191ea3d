"""What is done to one frame: plain numbers, apart from how they are applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol, TypeVar

import numpy as np

from .kernels import gaussian_kernel, plateau_kernel, sinc_kernel
from .settings import DegradationSettings, OrderSettings, Range

# What the fields of parameters hold.
Number = dict | float | int | str | bool | None
Item = TypeVar('Item')

INTERPOLATIONS = ('area', 'bilinear', 'bicubic')


class Draw(Protocol):
    """Draws the value of a continuous parameter."""

    def __call__(self, name: str, group: str, bounds: Range, *, worse: int) -> float:
        """Return the value.

        Args:
            name: Name of the parameter, such as 'first/sigma_x'.
            group: One of `fluctuation.GROUPS`.
            bounds: Its least and its greatest value.
            worse: +1 where a larger value is worse, else -1.

        Returns:
            A value within the bounds.
        """


@dataclass(frozen=True)
class KernelParams:
    """A blur kernel: ``form`` is a key of ``KERNEL_PROBS`` or 'sinc' (then ``cutoff`` counts)."""

    form: str
    size: int
    sigma_x: float = 0.0
    sigma_y: float = 0.0
    theta: float = 0.0
    beta: float = 1.0
    cutoff: float = 0.0

    def build(self) -> np.ndarray:
        """Return the kernel, float32 of shape (size, size), sum 1."""
        if self.form == 'sinc':
            return sinc_kernel(self.size, self.cutoff)
        kernel = plateau_kernel if self.form.startswith('plateau') else gaussian_kernel
        return kernel(
            self.size, self.sigma_x, sigma_y=self.sigma_y, theta=self.theta, beta=self.beta
        )


@dataclass(frozen=True)
class NoiseParams:
    """Noise: ``kind`` 'gaussian' (strength: sigma in grey levels) or 'poisson' (factor)."""

    kind: str
    strength: float
    grey: bool


@dataclass(frozen=True)
class OrderParams:
    """One order. ``scale`` is relative to the original frame in both orders."""

    blur: KernelParams | None
    scale: float
    interpolation: str
    noise: NoiseParams
    jpeg_quality: int


@dataclass(frozen=True)
class FrameParams:
    """All of it. ``jpeg_last``: the second JPEG comes after the final resize and sinc filter."""

    first: OrderParams
    second: OrderParams
    final_sinc: KernelParams | None
    final_interpolation: str
    jpeg_last: bool

    def to_dict(self) -> dict:
        """Plain numbers for JSON; floats are cut to 6 digits."""
        return _rounded_dict(asdict(self))

    @classmethod
    def from_dict(cls, data: dict) -> FrameParams:
        """Return the inverse of :meth:`to_dict`."""
        data = dict(data)
        for order in ('first', 'second'):
            part = dict(data[order])
            part['blur'] = KernelParams(**part['blur']) if part['blur'] else None
            part['noise'] = NoiseParams(**part['noise'])
            data[order] = OrderParams(**part)
        data['final_sinc'] = KernelParams(**data['final_sinc']) if data['final_sinc'] else None
        return cls(**data)


def _rounded_dict(values: dict) -> dict:
    return {key: _rounded(value) for key, value in values.items()}


def _rounded(value: Number) -> Number:
    if isinstance(value, dict):
        return _rounded_dict(value)
    return float(f'{value:.6g}') if isinstance(value, float) else value


def _choose(rng: np.random.Generator, probs: dict[str, float]) -> str:
    """One key of a dictionary of probabilities."""
    point, edge = rng.random(), 0.0
    for name, prob in probs.items():
        edge += prob
        if point < edge:
            return name
    return name


def _pick(rng: np.random.Generator, items: Sequence[Item]) -> Item:
    return items[int(rng.random() * len(items))]


def _two_sided(rng: np.random.Generator, bounds: Range) -> float:
    """Draw a shape parameter: below or above 1 with equal probability, uniform on each side."""
    low, high = bounds
    sides = ((min(low, 1.0), 1.0), (1.0, max(high, 1.0)))
    side, quantile = sides[int(rng.random() < 0.5)], rng.random()
    return float(np.clip(side[0] + quantile * (side[1] - side[0]), low, high))


def _draw_sinc(
    rng: np.random.Generator, sizes: Sequence[int], *, name: str, draw: Draw, low: float | None
) -> KernelParams:
    size = _pick(rng, sizes)
    # A small kernel cannot hold a low cut-off.
    low = low if low is not None else (np.pi / 3 if size < 13 else np.pi / 5)
    return KernelParams('sinc', size, cutoff=draw(f'{name}/cutoff', 'blur', (low, np.pi), worse=-1))


def _draw_blur(
    rng: np.random.Generator, setting: OrderSettings, *, name: str, draw: Draw
) -> KernelParams | None:
    if rng.random() >= setting.blur_prob:
        return None
    if rng.random() < setting.sinc_prob:
        return _draw_sinc(rng, setting.kernel_sizes, name=name, draw=draw, low=None)
    form = _choose(rng, dict(setting.kernel_probs))
    size = _pick(rng, setting.kernel_sizes)
    sigma_x = sigma_y = draw(f'{name}/sigma_x', 'blur', setting.sigma, worse=1)
    theta, beta = 0.0, 1.0
    if form.endswith('aniso'):
        sigma_y = draw(f'{name}/sigma_y', 'blur', setting.sigma, worse=1)
        theta = np.pi * (2 * rng.random() - 1)
    if form.startswith('generalised'):
        beta = _two_sided(rng, setting.generalised_beta)
    elif form.startswith('plateau'):
        beta = _two_sided(rng, setting.plateau_beta)
    return KernelParams(form, size, sigma_x, sigma_y, theta, beta)


def _draw_order(
    rng: np.random.Generator, setting: OrderSettings, *, name: str, draw: Draw
) -> OrderParams:
    blur = _draw_blur(rng, setting, name=name, draw=draw)
    direction = _choose(rng, dict(zip(('up', 'down', 'keep'), setting.resize_probs)))
    low, high = setting.resize_range
    scale = 1.0
    if direction == 'up':
        scale = draw(f'{name}/scale', 'resolution', (1.0, max(high, 1.0)), worse=-1)
    elif direction == 'down':
        scale = draw(f'{name}/scale', 'resolution', (low, min(high, 1.0)), worse=-1)
    interpolation = _pick(rng, INTERPOLATIONS)
    kind, bounds = 'poisson', setting.poisson_scale
    if rng.random() < setting.gaussian_prob:
        kind, bounds = 'gaussian', setting.gaussian_sigma
    strength = draw(f'{name}/noise', 'noise', bounds, worse=1)
    noise = NoiseParams(kind, strength, bool(rng.random() < setting.grey_prob))
    quality = draw(f'{name}/jpeg', 'compression', setting.jpeg_quality, worse=-1)
    return OrderParams(blur, scale, interpolation, noise, round(quality))


def draw_params(rng: np.random.Generator, settings: DegradationSettings, draw: Draw) -> FrameParams:
    """Draw a camera's discrete choices from a generator and its continuous values by ``draw``.

    The same generator state makes the same camera, whatever values ``draw`` returns.

    Args:
        rng: Source of the discrete choices (and of angles and shapes).
        settings: The probabilities and ranges.
        draw: Called for every continuous parameter.

    Returns:
        The parameters of a frame.
    """
    first = _draw_order(rng, settings.first, name='first', draw=draw)
    second = _draw_order(rng, settings.second, name='second', draw=draw)
    final = None
    if rng.random() < settings.final_sinc_prob:
        final = _draw_sinc(
            rng, settings.second.kernel_sizes, name='final', draw=draw, low=np.pi / 3
        )
    return FrameParams(first, second, final, _pick(rng, INTERPOLATIONS), bool(rng.random() < 0.5))
