"""A window on the screen, or an error that names the way around it."""

import cv2
import numpy as np
import pytest

from vsd_mot.errors import TrackingError
from vsd_mot.visualization.window import Window


def test_without_a_display_the_way_around_is_named(monkeypatch):
    monkeypatch.delenv('DISPLAY', raising=False)
    monkeypatch.delenv('WAYLAND_DISPLAY', raising=False)
    monkeypatch.setattr('sys.platform', 'linux')
    with pytest.raises(TrackingError, match='there is no display; leave it out'):
        Window('tracks')


def test_an_opencv_without_windows_is_said(monkeypatch):
    def fail(*_):
        raise cv2.error('not implemented')

    monkeypatch.setenv('DISPLAY', ':0')
    monkeypatch.setattr(cv2, 'namedWindow', fail)
    with pytest.raises(TrackingError, match='built without windows'):
        Window('tracks')


@pytest.mark.parametrize(
    ('key', 'goes_on'), [(-1, True), (ord('x'), True), (ord('q'), False), (27, False)]
)
def test_keys_end_it(monkeypatch, key, goes_on):
    shown = []
    monkeypatch.setenv('DISPLAY', ':0')
    monkeypatch.setattr(cv2, 'namedWindow', lambda *_: None)
    monkeypatch.setattr(cv2, 'imshow', lambda title, picture: shown.append(title))
    monkeypatch.setattr(cv2, 'waitKey', lambda _: key)
    window = Window('tracks')
    assert window.show(None) is goes_on
    assert window.show(np.zeros((2, 2, 3), np.uint8)) is goes_on
    assert shown == ['tracks']
