"""The moving camera."""

from __future__ import annotations

import numpy as np
import pytest

from vsd_mot.datasets.synthetic.motion import CameraPath


def camera_path(kind: str, seed: int) -> CameraPath:
    return CameraPath(
        np.random.default_rng(seed), frames=40, size=(192, 112), canvas=(308, 144), kind=kind
    )


@pytest.mark.parametrize(
    ('kind', 'least', 'most'),
    [('static', 0, 1.5), ('pan', 15, 100), ('handheld', 2, 40), ('zoom', 0, 20)],
)
def test_camera_moves_as_its_kind_says(kind, least, most):
    for seed in range(5):
        camera = camera_path(kind, seed)
        moved = np.hypot(*(camera.centre.max(0) - camera.centre.min(0)))
        assert least <= moved <= most
        assert (np.ptp(camera.zoom) > 0.02) == (kind == 'zoom')


@pytest.mark.parametrize('kind', CameraPath.KINDS)
def test_camera_never_leaves_the_canvas(kind):
    corners = np.array([[0, 0], [191, 0], [0, 111], [191, 111]])
    for seed in range(5):
        camera = camera_path(kind, seed)
        for frame in range(40):
            matrix = camera.matrix(frame)
            canvas = (corners - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
            assert canvas.min() >= 0
            assert (canvas <= np.array(camera.canvas) - 1).all()
