"""Frames of a clip share their draws, whatever else is in the process."""

import numpy as np
from mmengine.dataset import Compose
from mmtrack.registry import TRANSFORMS


def resize(scales: list[int]) -> dict:
    return dict(
        type='RandomChoiceResize', scales=scales, resize_type='ShortSideResize', rule='detr'
    )


def broadcaster(*transforms: dict, share: bool = True) -> Compose:
    return TRANSFORMS.build(
        dict(type='ClipBroadcaster', share_random_params=share, transforms=list(transforms))
    )


def clip(length: int = 4) -> dict:
    frames = [np.full((60, 100, 3), i, np.uint8) for i in range(length)]
    return dict(img=frames, img_shape=[(60, 100)] * length)


def sizes(transform, length: int = 4) -> list[int]:
    return [frame.shape[0] for frame in transform(clip(length))['img']]


MANY = list(range(20, 60))


def test_frames_share_a_draw_and_clips_do_not():
    np.random.seed(0)
    transform = broadcaster(resize(MANY))
    drawn = [sizes(transform) for _ in range(30)]
    assert all(len(set(heights)) == 1 for heights in drawn)
    assert len({heights[0] for heights in drawn}) > 10


def test_a_second_pipeline_in_the_process_changes_nothing():
    np.random.seed(0)
    first, second = broadcaster(resize(MANY)), broadcaster(resize(MANY))
    for _ in range(20):
        assert len(set(sizes(first))) == 1
        assert len(set(sizes(second))) == 1


def test_two_transforms_of_one_class_draw_from_their_own_values():
    np.random.seed(0)
    seen = {tuple(sizes(broadcaster(resize([20, 30]), resize([40, 50])), 2)) for _ in range(20)}
    assert seen == {(40, 40), (50, 50)}


def test_choices_and_what_they_choose_are_shared():
    np.random.seed(0)
    choice = dict(
        type='RandomChoice', transforms=[[resize([20])], [resize([30]), resize([40, 50])]]
    )
    transform = broadcaster(choice)
    drawn = [sizes(transform) for _ in range(40)]
    assert all(len(set(heights)) == 1 for heights in drawn)
    assert {heights[0] for heights in drawn} == {20, 40, 50}


def test_without_sharing_frames_are_drawn_for_singly():
    np.random.seed(0)
    assert len(set(sizes(broadcaster(resize(MANY), share=False), 20))) > 5


def test_the_draws_go_on_after_a_clip():
    """A clip takes as many numbers from the generator as one of its frames does."""
    transform = broadcaster(resize(MANY))
    rest = []
    for length in (1, 5):
        np.random.seed(3)
        transform(clip(length))
        rest.append(np.random.rand())
    assert rest[0] == rest[1]
