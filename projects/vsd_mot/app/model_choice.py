"""The trackers that the app offers, built when they are first wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ..apis import Tracker, init_tracker
from ..apis.shipped import REAL_PEOPLE, SYNTHETIC, ShippedModel

PEOPLE, FIGURES, OWN = 'real people (for research only)', 'the figures of the demo clip', 'own'

Build = Callable[[], Tracker]


class ModelChoice:
    """Trackers by their names on the page.

    Args:
        builders: What makes each of them; the first one is the default.
    """

    def __init__(self, builders: Mapping[str, Build]) -> None:
        self._builders = dict(builders)
        self._built: dict[str, Tracker] = {}

    @property
    def names(self) -> list[str]:
        """Names of all, the default first."""
        return list(self._builders)

    @property
    def for_demo(self) -> str:
        """Name of the one that knows the figures of the demo clip, where it is among them."""
        return FIGURES if FIGURES in self._builders else self.names[0]

    def __getitem__(self, name: str) -> Tracker:
        """Return a tracker, built at the first call.

        Raises:
            KeyError: There is none of that name.
            TrackingError: It cannot be built.
        """
        if name not in self._built:
            self._built[name] = self._builders[name]()
        return self._built[name]


def model_choice(
    config: str | None = None,
    checkpoint: str | None = None,
    *,
    detector: tuple[str, str] | None = None,
    device: str | None = None,
    cfg_options: dict | None = None,
) -> ModelChoice:
    """Offer the shipped trackers, and before them one's own.

    Args:
        config: Config of the own tracker; None offers the shipped ones alone.
        checkpoint: Its weights.
        detector: Config and weights of the detector that makes its proposals.
        device: Where all of them run, as of :func:`init_tracker`.
        cfg_options: Settings that override those of the own config.

    Raises:
        ConfigError: A shipped file did not come with this installation.
    """
    builders: dict[str, Build] = {}
    if config is not None:
        builders[f'{OWN}: {Path(config).stem}'] = lambda: init_tracker(
            config, checkpoint, device=device, cfg_options=cfg_options, detector=detector
        )
    builders[PEOPLE] = shipped_builder(REAL_PEOPLE, device)
    builders[FIGURES] = shipped_builder(SYNTHETIC, device)
    return ModelChoice(builders)


def shipped_builder(model: ShippedModel, device: str | None) -> Build:
    """Make what builds a shipped tracker.

    Raises:
        ConfigError: It did not come with this installation.
    """
    config, checkpoint = model.files()
    return lambda: init_tracker(config, checkpoint, device=device)
