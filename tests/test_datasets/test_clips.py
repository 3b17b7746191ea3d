"""Clips of videos and stills."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.dataset import pseudo_collate, worker_init_fn
from mmtrack.datasets.samplers import VideoSampler
from torch.utils.data import DataLoader

from clip_sets import LOAD, PACK, clips
from small_sets import HEIGHT, WIDTH
from vsd_mot.datasets.proposals import write_proposals

SINGLE = [*LOAD['transforms'], PACK]


def green_numbers(sample):
    """Frame numbers read off the pixels."""
    return [int(frame[1].float().mean()) // 10 for frame in sample['inputs']['img']]


def write_store(path, names, boxes_of=lambda i: [[i, 1, i + 9, 20]], size=(HEIGHT, WIDTH)):
    frames = []
    for number, name in enumerate(names):
        boxes = np.array(boxes_of(number), np.float32).reshape(-1, 4)
        frames.append((name, size, boxes, np.full(len(boxes), 0.5, np.float32)))
    write_proposals(path, frames)


def test_every_frame_starts_a_clip_also_one_without_objects(videos):
    assert len(clips(videos)) == 15


def test_clip_has_a_fixed_step_and_repeats_the_last_frame(videos):
    dataset = clips(videos, clip_length=4, max_step=5)
    seen = set()
    np.random.seed(0)
    for start in range(12):
        for _ in range(6):
            sample = dataset[start]
            numbers = sample['data_samples'].frame_id
            step = numbers[1] - numbers[0]
            seen.add(step)
            assert green_numbers(sample) == numbers
            if start == 0:
                assert 1 <= step <= 5
                assert numbers == [min(step * i, 11) for i in range(4)]
            assert max(numbers) <= 11
    assert seen >= {0, 1, 2, 3, 4, 5}


def test_clip_does_not_leave_its_video(videos):
    dataset = clips(videos, clip_length=5, max_step=10)
    for start in (11, 12, 14):
        sample = dataset[start]
        paths = sample['data_samples'].img_path
        assert len({Path(path).parents[1].name for path in paths}) == 1
    assert green_numbers(dataset[14]) == [2] * 5


def test_step_is_uniform_from_one_to_max_step(videos):
    dataset = clips(videos, clip_length=2, max_step=4)
    np.random.seed(1)
    steps = [dataset.sample_clip(0)[1]['frame_id'] for _ in range(800)]
    counts = np.bincount(steps, minlength=5)
    assert counts[0] == 0
    assert counts[1:].min() > 150


def test_packed_clip(videos):
    dataset = clips(videos, clip_length=3, max_step=1)
    sample = dataset[3]
    image, target = sample['inputs']['img'], sample['data_samples']
    assert image.shape == (3, 3, HEIGHT, WIDTH)
    assert image.dtype == torch.uint8
    assert int(image[0, 0, 0, 0]) == 90, 'the images stay BGR'
    gt = target.gt_instances
    # Frames 3, 4 (no objects) and 5.
    assert gt.img_idx.tolist() == [0, 0, 2, 2]
    assert gt.instances_id.tolist() == [1, 2, 1, 2]
    assert gt.bboxes.dtype == torch.float32
    assert gt.bboxes[2].tolist() == [15, 20, 25, 50]
    assert {gt.labels.dtype, gt.instances_id.dtype, gt.img_idx.dtype} == {torch.int64}
    assert target.frame_id == [3, 4, 5]
    assert 'proposals' not in target


def test_clip_without_any_object_has_empty_boxes_of_the_right_shape(videos):
    sample = clips(videos, clip_length=1)[4]
    gt = sample['data_samples'].gt_instances
    assert gt.bboxes.shape == (0, 4)
    assert gt.instances_id.shape == gt.img_idx.shape == (0,)
    assert gt.labels.dtype == torch.int64


def test_single_frames_in_test_mode(videos):
    dataset = clips(videos, SINGLE, test_mode=True)
    order = list(VideoSampler(dataset))
    assert order == list(range(15))
    sample = dataset[13]
    assert sample['inputs']['img'].shape == (1, 3, HEIGHT, WIDTH)
    assert sample['data_samples'].frame_id == 1
    assert sample['data_samples'].video_length == 3
    assert isinstance(sample['data_samples'].img_path, str)
    assert len(sample['data_samples'].instances) == 2


def test_same_seed_same_clips_whatever_the_loader_prefetches(videos):
    def draw():
        dataset = clips(videos, clip_length=3, max_step=5)
        loader = DataLoader(
            dataset,
            batch_size=2,
            num_workers=2,
            collate_fn=pseudo_collate,
            worker_init_fn=lambda worker: worker_init_fn(worker, num_workers=2, rank=0, seed=7),
        )
        return [sample.frame_id for batch in loader for sample in batch['data_samples']]

    first, second = draw(), draw()
    assert first == second
    assert len(first) == 15


def test_proposals_come_with_the_frames(videos, tmp_path):
    names = [f'first/img1/{i + 1:06d}.png' for i in range(12)]
    names += [f'second/img1/{i + 1:06d}.png' for i in range(3)]
    path = tmp_path / 'p.proposals'
    write_store(path, names, lambda i: [] if i == 1 else [[i, 1, i + 9, 20], [0, 0, 5, 5]])
    sample = clips(videos, clip_length=3, max_step=1, proposal_file=str(path))[0]
    proposals = sample['data_samples'].proposals
    assert proposals.img_idx.tolist() == [0, 0, 2, 2]
    assert proposals.bboxes[2].tolist() == [2, 1, 11, 20]
    assert proposals.scores.tolist() == [0.5] * 4


def test_missing_proposals_are_told_at_start_up(videos, tmp_path):
    path = tmp_path / 'p.proposals'
    write_store(path, [f'first/img1/{i + 1:06d}.png' for i in range(12)])
    with pytest.raises(KeyError, match=r'3 of 15 frames .*second/img1/000001\.png.*make_proposals'):
        clips(videos, proposal_file=str(path))


def test_proposals_of_other_images_are_refused(videos, tmp_path):
    path = tmp_path / 'p.proposals'
    names = [f'first/img1/{i + 1:06d}.png' for i in range(12)]
    names += [f'second/img1/{i + 1:06d}.png' for i in range(3)]
    write_store(path, names, size=(HEIGHT * 2, WIDTH * 2))
    with pytest.raises(ValueError, match=r'192 x 128 pixels.*96 x 64'):
        clips(videos, proposal_file=str(path))


def test_unknown_class_names_the_categories(videos):
    with pytest.raises(ValueError, match=r"categories \['pedestrian'\].*metainfo"):
        clips(videos, metainfo=dict(CLASSES=('car',)))


def test_missing_annotation_file_says_what_makes_it(tmp_path):
    file = tmp_path / 'annotations' / 'train.json'
    with pytest.raises(FileNotFoundError, match=rf'{file}: make it with .*mot2coco\.py'):
        clips(tmp_path)


def test_reference_sampler_is_refused(videos):
    with pytest.raises(ValueError, match='clip_length'):
        clips(videos, ref_img_sampler=dict(num_ref_imgs=1))


def test_stills_become_moving_clips_and_videos_stay(stills, videos):
    pipeline = [LOAD, dict(type='RandomShiftClip', max_shift=20), PACK]
    np.random.seed(3)
    sample = clips(stills, pipeline, clip_length=4, load_as_video=False)[0]
    frames, target = sample['inputs']['img'], sample['data_samples']
    assert frames.shape == (4, 3, 120, 160)
    assert target.frame_id == [0, 1, 2, 3]
    assert not torch.equal(frames[0], frames[1])
    centres = target.gt_instances.bboxes[target.gt_instances.instances_id == 0]
    moves = np.diff(centres[:, 0].numpy())
    assert (np.sign(moves) == np.sign(moves[0])).all()
    assert len({*target.gt_instances.instances_id.tolist()}) == 2

    video = clips(videos, pipeline, clip_length=3, max_step=1)[0]
    assert green_numbers(video) == [0, 1, 2]


def test_frames_know_their_time(videos):
    sample = clips(videos, clip_length=3, max_step=1)[0]['data_samples']
    assert sample.frame_time == pytest.approx([n / 20 for n in sample.frame_id])


def test_steps_can_be_drawn_in_seconds(videos):
    dataset = clips(videos, clip_length=2, max_step=1, max_step_seconds=0.2)
    np.random.seed(1)
    steps = {dataset.sample_clip(0)[1]['frame_id'] for _ in range(100)}
    assert steps == {1, 2, 3, 4}
    with pytest.raises(ValueError, match='max_step_seconds'):
        clips(videos, max_step_seconds=0)


def test_frames_that_do_not_arrive_are_left_out_and_the_others_keep_their_time(videos):
    arrival = dict(name='low_frame_rate', severity=3)
    dataset = clips(videos, pipeline=SINGLE, test_mode=True, arrival=arrival)
    samples = [dataset[i]['data_samples'] for i in range(len(dataset))]
    assert [sample.frame_id for sample in samples] == [0, 1, 2, 0]
    assert [sample.video_length for sample in samples] == [3, 3, 3, 1]
    assert [sample.frame_time for sample in samples] == pytest.approx([0, 0.25, 0.5, 0])
    assert [Path(sample.img_path).stem[-2:] for sample in samples] == ['01', '06', '11', '01']
