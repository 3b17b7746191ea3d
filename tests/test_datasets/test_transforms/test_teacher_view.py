"""What the teacher looks at, from the file to the model."""

import cv2
import numpy as np
import pytest
import torch

from vsd_mot.datasets.transforms import LoadTeacherView, PackClipInputs, image_key
from vsd_mot.models.frames import FrameBatch
from vsd_samples import as_tensor, noise_frame


def bgr(seed: int) -> np.ndarray:
    return noise_frame(seed).permute(1, 2, 0).numpy()[..., ::-1].copy()


def test_the_key_is_of_the_pixels_and_the_size():
    image = bgr(0)
    other = image.copy()
    other[3, 4, 1] ^= 1
    keys = [image_key(image), image_key(other), image_key(image.reshape(64, 48, 3))]
    assert len(set(keys)) == 3
    assert image_key(np.asfortranarray(image)) == keys[0]


def results_of(path, image: np.ndarray) -> dict:
    return dict(img_path=str(path), img=image, img_shape=image.shape[:2])


def test_the_view_is_the_frame_as_it_is_loaded():
    image = bgr(0)
    results = LoadTeacherView()(results_of('a/b.png', image))
    assert (results['teacher_img'] == image).all()
    assert results['teacher_key'] == image_key(image)
    image[:] = 0  # colour jitter works in place
    assert results['teacher_img'].any()


def test_the_clean_view_is_the_original_of_a_degraded_frame(tmp_path):
    for root, seed in (('low', 1), ('one', 2), ('two', 3)):
        folder = tmp_path / root / 'train' / ('b' if root == 'two' else 'a') / 'img1'
        folder.mkdir(parents=True)
        cv2.imwrite(str(folder / '000001.png'), bgr(seed))
    roots = {str(tmp_path / 'low'): [str(tmp_path / 'one'), str(tmp_path / 'two')]}
    view = LoadTeacherView(view='clean', clean_roots=roots)
    results = view(results_of(tmp_path / 'low/train/a/img1/000001.png', bgr(1)))
    assert (results['teacher_img'] == bgr(2)).all()
    assert results['teacher_key'] == image_key(bgr(2))
    results = view(results_of(tmp_path / 'low/train/b/img1/000001.png', bgr(1)))
    assert (results['teacher_img'] == bgr(3)).all()
    # a frame of another set is its own original
    results = view(results_of(tmp_path / 'one/train/a/img1/000001.png', bgr(2)))
    assert (results['teacher_img'] == bgr(2)).all()
    with pytest.raises(FileNotFoundError, match='clean_roots'):
        view(results_of(tmp_path / 'low/train/c/img1/000001.png', bgr(1)))
    with pytest.raises(ValueError, match='frame, clean'):
        LoadTeacherView(view='sharp')
    with pytest.raises(ValueError, match='belong together'):
        LoadTeacherView(view='clean')


@pytest.mark.parametrize('length', [1, 3])
def test_views_and_keys_reach_the_model(length):
    frames = []
    for seed in range(length):
        frame = LoadTeacherView()(results_of(f'v/img1/{seed}.png', bgr(seed)))
        frame.update(img=frame['img'][:32, :32], img_shape=(32, 32), frame_id=seed)
        frame.update(gt_bboxes=np.zeros((0, 4), np.float32), gt_bboxes_labels=np.zeros(0, int))
        frame.update(gt_instances_id=np.zeros(0, int))
        frames.append(frame)
    packed = PackClipInputs()(frames)
    from mmengine.dataset import pseudo_collate
    from mmtrack.registry import MODELS

    data = MODELS.build(dict(type='ClipDataPreprocessor'))(pseudo_collate([packed, packed]))
    batch = FrameBatch.from_inputs(data['inputs'], data['data_samples'])
    assert len(batch.teacher) == 2 * length
    for index, view in enumerate(batch.teacher):
        assert torch.equal(view.image, as_tensor(bgr(index % length)))
        assert view.key == image_key(bgr(index % length))
