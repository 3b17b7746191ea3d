"""What the Python API may do with a model, as the model itself declares it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn


@dataclass(frozen=True)
class Abilities:
    """What a model can do beyond what every multi-object tracker of MMTracking can.

    A model declares an ability by an attribute (or property) of the same name. What it does not
    declare, as MMTracking's own models declare none of them, it cannot do. So a tracker of your
    own gets windows and proposals by two lines in its class::

        class MyTracker(BaseMultiObjectTracker):
            takes_proposals = True
            encodes_windows = True

    Attributes:
        takes_proposals: It uses the detections of a sample: ``proposals`` with ``bboxes``
            (x1, y1, x2, y2) in pixels of the network's input, and ``scores``.
        keeps_labels: Its tracks have the classes of its detections; proposals bring ``labels``.
            Others have classes of their own, and do not look at those of proposals.
        needs_proposals: It takes proposals and has no detector to make them, so that they must
            be given.
        encodes_windows: Its ``predict`` takes several consecutive frames of a video at once,
            ``img`` (N, 1, 3, H, W) and N samples, and returns the N samples in order.
        joins_cameras: It follows several videos at once, each by its own state:
            ``new_state()``, and ``track_together(inputs, data_samples, states)``.
        offline: It gives the first track when it has seen the end of the video, which is therefore
            read twice (:class:`OfflineResults`).
    """

    takes_proposals: bool = False
    keeps_labels: bool = False
    needs_proposals: bool = False
    encodes_windows: bool = False
    joins_cameras: bool = False
    offline: bool = False

    @classmethod
    def of(cls, model: nn.Module) -> Abilities:
        """Ask a model what it can do, at this moment."""
        return cls(
            takes_proposals=bool(getattr(model, 'takes_proposals', False)),
            keeps_labels=bool(getattr(model, 'keeps_labels', False)),
            needs_proposals=bool(getattr(model, 'needs_proposals', False)),
            encodes_windows=bool(getattr(model, 'encodes_windows', False)),
            joins_cameras=bool(getattr(model, 'joins_cameras', False)),
            offline=bool(getattr(model, 'offline', False)),
        )
