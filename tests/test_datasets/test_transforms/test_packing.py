"""From dicts to the input of the data preprocessor."""

import cv2
import numpy as np
import pytest
import torch
from mmcv.transforms import Compose
from mmengine.config import Config
from mmtrack.registry import TRANSFORMS

from preprocess_examples import ROOT, clip_of, example_frame
from small_sets import write_video_set
from vsd_mot.datasets.transforms import (
    PackClipInputs,
    ShortSideResize,
)


def test_published_training_pipeline_draws_once_per_clip(tmp_path):
    root = write_video_set(tmp_path, dict(first=3))
    pipeline = Config.fromfile(ROOT / 'configs/_base_/datasets/pipelines.py').train_pipeline
    path = root / 'train/first/img1/000001.png'
    # A scene with structure, the same in each frame, so that equal geometry gives equal frames.
    scene = cv2.resize(np.random.default_rng(1).integers(0, 255, (9, 16, 3), np.uint8), (320, 180))
    cv2.imwrite(str(path), scene)
    build = Compose([TRANSFORMS.build(step) for step in pipeline])
    sizes = set()
    for seed in range(6):
        frames = [
            dict(
                img_path=str(path),
                instances=[
                    dict(bbox=[100, 60, 140, 120], bbox_label=0, ignore_flag=0, instance_id=3)
                ],
                proposals=np.array([[100, 60, 140, 120]], np.float32),
                proposals_scores=np.array([0.9], np.float32),
                is_video_data=True,
                frame_id=number,
            )
            for number in range(3)
        ]
        np.random.seed(seed)
        packed = build(clip_of(frames))
        images, sample = packed['inputs']['img'], packed['data_samples']
        assert torch.equal(images[0], images[1])
        assert torch.equal(images[0], images[2])
        assert min(images.shape[-2:]) <= 992
        assert max(images.shape[-2:]) <= 1536
        # Objects and proposals went the same way.
        torch.testing.assert_close(sample.gt_instances.bboxes, sample.proposals.bboxes)
        assert sample.gt_instances.img_idx.tolist() == sample.proposals.img_idx.tolist()
        sizes.add(tuple(images.shape[-2:]))
    assert len(sizes) > 2


def test_frames_of_different_size_are_refused():
    frames = [example_frame(), ShortSideResize(60)(example_frame())]
    with pytest.raises(ValueError, match='share_random_params'):
        PackClipInputs()(frames)


def test_ignored_objects_are_packed_apart():
    frame = example_frame()
    frame['gt_ignore_flags'] = np.array([False, True, False, False])
    sample = PackClipInputs()([frame, example_frame()])['data_samples']
    assert sample.gt_instances.instances_id.tolist() == [0, 2, 3, 0, 1, 2, 3]
    assert sample.gt_instances.img_idx.tolist() == [0, 0, 0, 1, 1, 1, 1]
    assert sample.ignored_instances.instances_id.tolist() == [1]
    assert sample.proposals.img_idx.tolist() == [0, 0, 0, 1, 1, 1]


def test_teacher_images_and_features_are_packed():
    image = example_frame()['img']
    first = dict(example_frame(), teacher_img=image[:50, :40], teacher_key='a')
    second = dict(example_frame(), teacher_img=np.ones((49, 8), np.float32), teacher_key='b')
    packed = PackClipInputs()([first, second])
    view, feature = packed['inputs']['teacher_img']
    assert view.shape == (3, 50, 40)
    assert view.dtype == torch.uint8
    assert feature.shape == (49, 8)
    assert packed['data_samples'].teacher_key == ['a', 'b']
