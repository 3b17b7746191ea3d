"""The result of tracking one frame."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch
from mmengine.structures import InstanceData

from ..errors import TrackingError
from ..extras import needed
from .sources import Damage

if TYPE_CHECKING:
    import supervision

SEMANTIC_KEYS = ('quality', 'clarity', 'noise', 'contrast', 'semantic_weight')


@dataclass
class FrameResult:
    """The tracks of one frame, in pixels of the original picture.

    Attributes:
        index: Position of the frame in its source, from 0.
        image: (H, W, 3) uint8 BGR frame, None where it could not be read.
        pred_track_instances: InstanceData on the CPU with bboxes (N, 4) float in
            (x_min, y_min, x_max, y_max), scores (N,), labels (N,) and instances_id (N,), from
            a mask tracker also masks (N, H, W) bool. Ground truth may have visibility (N,) in
            [0, 1] and ignored (N,) bool, of objects that do not count.
        semantics: The model's information on the frame, by `SEMANTIC_KEYS`: `quality` in [0, 1]
            (lower is worse), its components, and `semantic_weight` in [0, 1]. Empty for models
            that have none.
        time: Seconds since the first frame.
        name: File name of the image, empty where there is none.
        fault: What was wrong with the frame, None when nothing was.
        damage: What is wrong with the picture in one word (:class:`DamageWatch`), None when nothing
            is. The tracks of a frame that is unreadable, corrupt, blank or frozen are where they
            should be by now; a cut has ended those before it.
        number: Number of the frame in MOTChallenge files, from 1: that of the image's name in a
            folder of numbered images, else `index` + 1.
        classes: Names of the classes, in the order of the labels.
        size: (width, height) of the picture in pixels, None where it is not known.
    """

    index: int
    image: np.ndarray | None
    pred_track_instances: InstanceData
    _: KW_ONLY
    semantics: dict[str, float] = field(default_factory=dict)
    time: float = 0.0
    name: str = ''
    fault: str | None = None
    damage: Damage | None = None
    number: int = 0  # becomes index + 1
    classes: tuple[str, ...] = ()
    size: tuple[int, int] | None = None  # becomes that of the image

    def __post_init__(self) -> None:
        self.number = self.number or self.index + 1
        if self.image is not None:
            self.size = self.image.shape[1], self.image.shape[0]

    def __len__(self) -> int:
        return len(self.pred_track_instances)

    @property
    def boxes(self) -> np.ndarray:
        """(N, 4) float32 boxes in (x_min, y_min, x_max, y_max)."""
        return self.pred_track_instances.bboxes.numpy()

    @property
    def ids(self) -> np.ndarray:
        """(N,) int64 track identities."""
        return self.pred_track_instances.instances_id.numpy()

    @property
    def scores(self) -> np.ndarray:
        """(N,) float32 scores."""
        return self.pred_track_instances.scores.numpy()

    @property
    def labels(self) -> np.ndarray:
        """(N,) int64 classes."""
        return self.pred_track_instances.labels.numpy()

    @property
    def class_names(self) -> list[str]:
        """Names of the N tracks' classes."""
        return [class_name(self.classes, label) for label in self.labels.tolist()]

    @property
    def visibility(self) -> np.ndarray:
        """(N,) float32 visible shares of the objects, 1 where nobody has said."""
        shares = self.pred_track_instances.get('visibility')
        return np.ones(len(self), np.float32) if shares is None else shares.numpy()

    @property
    def ignored(self) -> np.ndarray:
        """(N,) bool, whether an object of ground truth does not count."""
        ignored = self.pred_track_instances.get('ignored')
        return np.zeros(len(self), bool) if ignored is None else ignored.numpy()

    @property
    def masks(self) -> np.ndarray | None:
        """(N, H, W) bool masks, all False for a track that is not visible; None without masks."""
        masks = self.pred_track_instances.get('masks')
        return None if masks is None else masks.numpy()

    @property
    def quality(self) -> float | None:
        """Quality of the frame in [0, 1], None when the model does not rate it."""
        return self.semantics.get('quality')

    @property
    def semantic_weight(self) -> float | None:
        """Weight of the semantics in [0, 1], None when the model has none."""
        return self.semantics.get('semantic_weight')

    def to_supervision(self) -> supervision.Detections:
        """Return the tracks for supervision, whose annotators, zones and sinks take them.

        Returns:
            Detections with ``tracker_id``, ``confidence``, ``class_id``, the masks where there are
            any, ``data['class_name']``, and number, time, quality and damage of the frame as
            ``metadata``. It shares no memory with this result.

        Raises:
            MissingExtraError: supervision is not installed.
        """
        package = needed('supervision', extra='trackers', by='FrameResult.to_supervision()')
        return package.Detections(
            xyxy=self.boxes.copy(),
            mask=None if self.masks is None else self.masks.copy(),
            confidence=self.scores.copy(),
            class_id=self.labels.copy(),
            tracker_id=self.ids.copy(),
            data=dict(class_name=np.array(self.class_names, dtype=str)),
            metadata=dict(
                frame=self.number, time=self.time, quality=self.quality, damage=self.damage
            ),
        )


def class_name(classes: tuple[str, ...], label: int) -> str:
    """Return the name of a class; one beyond the names is called by its number."""
    return classes[label] if 0 <= label < len(classes) else f'class_{label}'


def names_up_to(classes: tuple[str, ...], label: int) -> tuple[str, ...]:
    """Return names of all classes up to a label, at least those that have names."""
    return tuple(class_name(classes, one) for one in range(max(len(classes), label + 1)))


def instances_on_cpu(tracks: InstanceData | None, frame_number: int) -> InstanceData:
    """Return the four fields of tracks that results have, on the CPU, in fixed types.

    Raises:
        TrackingError: A box or score is not finite.
    """
    if tracks is None:
        tracks = InstanceData()
    count = len(tracks)

    def column(
        name: str, *, dtype: torch.dtype, shape: tuple[int, ...], default: float
    ) -> torch.Tensor:
        value = tracks.get(name)
        if value is None:
            return torch.full((count, *shape), default, dtype=dtype)
        return torch.as_tensor(value).detach().to('cpu', dtype).reshape(count, *shape)

    result = InstanceData(
        bboxes=column('bboxes', dtype=torch.float32, shape=(4,), default=0.0),
        scores=column('scores', dtype=torch.float32, shape=(), default=1.0),
        labels=column('labels', dtype=torch.int64, shape=(), default=0),
        instances_id=column('instances_id', dtype=torch.int64, shape=(), default=-1),
    )
    if 'masks' in tracks:
        result.masks = torch.as_tensor(tracks.masks).detach().to('cpu', torch.bool)
    if not (torch.isfinite(result.bboxes).all() and torch.isfinite(result.scores).all()):
        raise TrackingError(
            f'frame {frame_number}: the model returned boxes or scores that are not finite; '
            'its weights are probably broken'
        )
    return result


def semantics_as_floats(semantics: dict | None) -> dict[str, float]:
    """Return a model's ``semantics`` metainfo as floats: the `SEMANTIC_KEYS` that have a value."""
    values = {key: (semantics or {}).get(key) for key in SEMANTIC_KEYS}
    return {key: float(value) for key, value in values.items() if value is not None}
