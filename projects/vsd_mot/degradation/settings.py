"""The numbers of the second-order Real-ESRGAN degradation (SPEC section 4).

Everything is measured in pixels of the frame (kernels), grey levels 0-255 (Gaussian noise) or
as a fraction of the frame's size (resizes). Ranges are ``(low, high)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Range = tuple[float, float]
Settings = TypeVar('Settings', bound='DataclassInstance')

KERNEL_PROBS = {
    'iso': 0.45,
    'aniso': 0.25,
    'generalised_iso': 0.12,
    'generalised_aniso': 0.03,
    'plateau_iso': 0.12,
    'plateau_aniso': 0.03,
}


@dataclass(frozen=True)
class OrderSettings:
    """What one of the two orders may do: blur, then resize, then noise, then JPEG.

    Args:
        blur_prob: Probability that the order blurs at all; 1 blurs every frame. Raising it leaves
            fewer frames sharp.
        kernel_sizes: Odd kernel sizes, drawn uniformly. Defaults to 7, 9 ... 21. A larger one lets
            wide blurs reach as far as they should.
        kernel_probs: Probability of each kernel form, where it is no sinc. Raising one makes the
            others rarer: they sum to 1.
        sinc_prob: Probability of a sinc kernel in place of those forms. Raising it makes more
            frames ring at edges.
        sigma: Standard deviation of the kernel along either axis, in pixels; raising it blurs
            more.
        generalised_beta: Shape of the generalised Gaussian: below 1 peaked with heavy tails,
            above 1 flat.
        plateau_beta: Shape of the plateau: raising it makes the rim steeper.
        resize_probs: Probabilities of up, down and keep. Defaults to .2, .7, .1. More `down` loses
            more detail.
        resize_range: Scale, relative to the frame; raising its lower end keeps more detail.
        gaussian_prob: Probability of Gaussian noise, else Poisson. Raising it makes noise depend
            less on brightness.
        gaussian_sigma: Standard deviation in grey levels; raising it makes more noise.
        poisson_scale: Factor on the Poisson noise; raising it makes more noise.
        grey_prob: Probability of the same noise in all channels. Raising it makes noise less
            colourful.
        jpeg_quality: 1 to 100; lowering it makes blocks and ringing coarser.
    """

    blur_prob: float = 1.0
    kernel_sizes: tuple[int, ...] = (7, 9, 11, 13, 15, 17, 19, 21)
    kernel_probs: Mapping[str, float] = field(default_factory=lambda: dict(KERNEL_PROBS))
    sinc_prob: float = 0.1
    sigma: Range = (0.2, 3.0)
    generalised_beta: Range = (0.5, 4.0)
    plateau_beta: Range = (1.0, 2.0)
    resize_probs: tuple[float, float, float] = (0.2, 0.7, 0.1)
    resize_range: Range = (0.15, 1.5)
    gaussian_prob: float = 0.5
    gaussian_sigma: Range = (1.0, 30.0)
    poisson_scale: Range = (0.05, 3.0)
    grey_prob: float = 0.4
    jpeg_quality: Range = (30.0, 95.0)

    def __post_init__(self) -> None:
        for name in ('sigma', 'gaussian_sigma', 'poisson_scale', 'jpeg_quality', 'resize_range'):
            low, high = getattr(self, name)
            if not 0 < low <= high:
                raise ValueError(f'{name} needs 0 < low <= high, not {low, high}')
        for name in ('blur_prob', 'sinc_prob', 'gaussian_prob', 'grey_prob'):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f'{name} must lie in [0, 1], not {getattr(self, name)}')
        if any(size < 3 or size % 2 == 0 for size in self.kernel_sizes):
            raise ValueError(f'kernel_sizes must be odd and at least 3, not {self.kernel_sizes}')
        unknown = set(self.kernel_probs) - set(KERNEL_PROBS)
        if unknown:
            raise ValueError(f'unknown kernel forms {sorted(unknown)}; known: {list(KERNEL_PROBS)}')
        for name, probs in (
            ('kernel_probs', tuple(self.kernel_probs.values())),
            ('resize_probs', self.resize_probs),
        ):
            if abs(sum(probs) - 1) > 1e-6 or min(probs) < 0:
                raise ValueError(f'{name} must be probabilities that sum to 1, not {probs}')
        if self.jpeg_quality[1] > 100:
            raise ValueError(f'jpeg_quality must end at 100 or below, not {self.jpeg_quality}')


def _second_order() -> OrderSettings:
    return OrderSettings(
        blur_prob=0.8,
        sigma=(0.2, 1.5),
        resize_probs=(0.3, 0.4, 0.3),
        resize_range=(0.3, 1.2),
        gaussian_sigma=(1.0, 25.0),
        poisson_scale=(0.05, 2.5),
    )


@dataclass(frozen=True)
class DegradationSettings:
    """Both orders and the final sinc filter.

    Args:
        first: The first order.
        second: The second order; its JPEG comes before or after (with equal
            probability) the final resize back to the frame's size and the final sinc filter.
        final_sinc_prob: Probability of the final sinc filter. Raising it makes more frames ring and
            overshoot at edges.
    """

    first: OrderSettings = field(default_factory=OrderSettings)
    second: OrderSettings = field(default_factory=_second_order)
    final_sinc_prob: float = 0.8

    @classmethod
    def from_dict(cls, config: Mapping | DegradationSettings | None) -> DegradationSettings:
        """Read a config: ``dict(first=dict(sigma=(.2, 2)), final_sinc_prob=.5)``; the rest stays.

        Raises:
            ValueError: On an unknown name or a number out of range.
        """
        if isinstance(config, DegradationSettings):
            return config
        config = dict(config or {})
        default = cls()
        for order in ('first', 'second'):
            if order in config and not isinstance(config[order], OrderSettings):
                config[order] = override(getattr(default, order), config[order])
        return override(default, config)


def override(default: Settings, changes: Mapping) -> Settings:
    """Return a copy of a frozen dataclass with some fields changed; lists become tuples.

    Raises:
        ValueError: If a field does not exist, naming those that do.
    """
    names = [item.name for item in fields(default)]
    unknown = set(changes) - set(names)
    if unknown:
        raise ValueError(f'{type(default).__name__} has no {sorted(unknown)}; it has {names}')
    values = {name: getattr(default, name) for name in names}
    for name, value in changes.items():
        values[name] = tuple(value) if isinstance(value, list) else value
    return type(default)(**values)
