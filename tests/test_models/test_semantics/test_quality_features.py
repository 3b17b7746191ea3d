"""Features of a frame that tell its degradations apart."""

import numpy as np
import pytest
import torch

from good_video import small_photograph
from vsd_mot.evaluation.quality_fit.steps import KINDS
from vsd_mot.models.semantics.quality_features import feature_names, quality_features


def tensor(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(image[..., ::-1].transpose(2, 0, 1)))[None]


def named(image: np.ndarray) -> dict[str, float]:
    return dict(zip(feature_names(), quality_features(tensor(image))[0].tolist()))


def test_features_have_their_names_and_frames_do_not_mix():
    picture = small_photograph()
    batch = torch.cat((tensor(picture), tensor(picture[::-1].copy()), tensor(255 - picture)))
    together = quality_features(batch)
    assert together.shape == (3, len(feature_names()))
    assert len(set(feature_names())) == len(feature_names())
    assert torch.isfinite(together).all()
    torch.testing.assert_close(together[2:], quality_features(batch[2:]), rtol=1e-4, atol=1e-4)


def test_a_tiny_black_frame_has_finite_features():
    small = quality_features(torch.zeros(1, 3, 9, 14, dtype=torch.uint8))
    assert torch.isfinite(small).all()


@pytest.mark.parametrize(
    ('kind', 'level', 'feature', 'sign'),
    [
        ('noise', 20, 'flat_diagonal_0', 1),
        ('colour noise', 24, 'colour_flat_0', 1),
        ('grain', 20, 'flat_1', 1),
        ('blur', 2.8, 'high_0', -1),
        ('jpeg', 12, 'grid', 1),
        ('contrast', 0.3, 'range', -1),
        ('darkness', 0.25, 'level', -1),
    ],
)
def test_each_degradation_moves_its_feature(kind, level, feature, sign):
    picture = small_photograph()
    worse = KINDS[kind].degrade(picture, level, np.random.default_rng(0))
    before, after = named(picture)[feature], named(worse)[feature]
    assert sign * (after - before) > 0.1


def test_a_horizontal_blur_shows_in_the_directions():
    picture = small_photograph()
    kernel_free = named(picture)['direction_1']
    blurred = np.stack(
        [
            np.convolve(row, np.full(15, 1 / 15), 'same')
            for row in picture.astype(float).transpose(0, 2, 1).reshape(-1, picture.shape[1])
        ]
    )
    blurred = blurred.reshape(picture.shape[0], 3, -1).transpose(0, 2, 1)
    assert named(blurred.clip(0, 255).astype(np.uint8))['direction_1'] > kernel_free + 0.5
