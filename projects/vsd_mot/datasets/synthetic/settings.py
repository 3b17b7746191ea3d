"""What a synthetic set consists of."""

from __future__ import annotations

from dataclasses import asdict, dataclass

# Raised whenever the same settings no longer give the same pictures.
GENERATOR_VERSION = 1


@dataclass(frozen=True)
class SyntheticSettings:
    """Settings of a synthetic set; the defaults are the tiny set of the tiny configs.

    Args:
        seed: Seed of everything random.
        train_sequences: Number of sequences in ``train/``.
        val_sequences: Number of sequences in ``val/``.
        frames: Frames per sequence.
        width: Frame width in pixels.
        height: Frame height in pixels.
        min_people: Least number of people in view, about. Raising it makes more people cross and
            hide each other.
        max_people: Greatest number of people in view, about; more people hide each other more.
        frame_rate: Frames per second; the lower, the farther people get from frame to frame.
        jpeg_quality: Quality of the stored images, 1..100; lower makes blocks.
        label_maps: Whether to write the identity at each pixel, for mask trackers.
    """

    seed: int = 0
    train_sequences: int = 64
    val_sequences: int = 4
    frames: int = 60
    width: int = 384
    height: int = 224
    min_people: int = 5
    max_people: int = 9
    frame_rate: int = 10
    jpeg_quality: int = 92
    label_maps: bool = False

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError(f'seed must not be negative, got {self.seed}')
        if self.train_sequences < 0 or self.val_sequences < 0 or self.num_sequences == 0:
            raise ValueError(
                'the numbers of sequences must not be negative and not both zero, got '
                f'{self.train_sequences} for training and {self.val_sequences} for validation'
            )
        if self.frames < 1:
            raise ValueError(f'frames must be at least 1, got {self.frames}')
        if self.width < 64 or self.height < 64:
            raise ValueError(f'frames must be at least 64 x 64, got {self.width} x {self.height}')
        if not 1 <= self.min_people <= self.max_people:
            raise ValueError(
                f'people must satisfy 1 <= min <= max, got {self.min_people} and {self.max_people}'
            )
        if self.frame_rate < 1:
            raise ValueError(f'frame_rate must be at least 1, got {self.frame_rate}')
        if not 1 <= self.jpeg_quality <= 100:
            raise ValueError(f'jpeg_quality must be in 1..100, got {self.jpeg_quality}')

    @property
    def num_sequences(self) -> int:
        """Number of all sequences."""
        return self.train_sequences + self.val_sequences

    def sequence_settings(self) -> dict:
        """Return what decides the bytes of one sequence: all but the numbers of sequences."""
        values = asdict(self)
        del values['train_sequences'], values['val_sequences']
        if not self.label_maps:  # so that sets made before there were any can be continued
            del values['label_maps']
        return {'generator_version': GENERATOR_VERSION, **values}
