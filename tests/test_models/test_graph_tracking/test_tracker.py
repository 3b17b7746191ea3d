"""LG-MOT as a tracker: stored videos, frames, losses."""

import numpy as np
import pytest
import torch
from mmengine.dataset import pseudo_collate
from mmtrack.registry import DATASETS, MODELS
from mmtrack.utils import register_all_modules

from lgmot_samples import hierarchy_config
from two_people_set import (
    FRAMES,
    SIZE,
    build_dataset,
    make_vectors,
    perfect,
    tracker_config,
    write_set,
)


def test_stored_videos_and_frames_give_the_same_tracks(two_people_set):
    register_all_modules(init_default_scope=True)
    model = perfect(MODELS.build(tracker_config())).eval()
    stored = build_dataset(two_people_set, test_mode=True)
    batch = dict(inputs={}, data_samples=[stored[0]['data_samples']])
    first = model.test_step(batch)
    assert len(first) == FRAMES
    ids = [sample.pred_track_instances.instances_id.tolist() for sample in first]
    assert ids == [[0, 1]] * FRAMES

    frames = DATASETS.build(
        dict(
            type='MOTClipDataset',
            data_root=str(two_people_set),
            ann_file='annotations/train.json',
            data_prefix=dict(img_path=''),
            proposal_file='train.proposals',
            test_mode=True,
            pipeline=[
                dict(type='LoadFrame'),
                dict(type='LoadTrackAnnotations', with_instance_id=True),
                dict(type='PackClipInputs', meta_keys=('mot_frame_id',)),
            ],
        )
    )
    second = []
    for index in range(FRAMES):
        ended = model.test_step(pseudo_collate([frames[index]]))
        assert len(ended) == (FRAMES if index == FRAMES - 1 else 0)
        second += ended
    for ours, theirs in zip(first, second):
        ours, theirs = ours.pred_track_instances, theirs.pred_track_instances
        assert torch.equal(ours.instances_id, theirs.instances_id)
        torch.testing.assert_close(ours.bboxes, theirs.bboxes)


def test_numbers_that_are_left_out_take_time(tmp_path):
    root = write_set(tmp_path, numbers=[1, 2, 3, 7, 8])
    make_vectors(root)
    model = perfect(MODELS.build(tracker_config())).eval()
    video = build_dataset(root, test_mode=True)[0]['data_samples']
    samples = model.track_stored(video)
    assert len(samples) == 5
    assert [s.pred_track_instances.instances_id.tolist() for s in samples] == [[0, 1]] * 5
    run = model.start_video(10.0)
    for frame in video:
        run.add(
            frame.sample.mot_frame_id,
            boxes=frame.boxes,
            scores=frame.scores,
            size=SIZE,
            describe=frame.appearance.__getitem__,
        )
    assert np.unique(run.finish().frames).tolist() == list(range(1, 9))


def test_language_without_text_is_an_error(two_people_set):
    dataset = build_dataset(two_people_set, description_file=None)
    model = MODELS.build(tracker_config())
    with pytest.raises(ValueError, match='clips have no text features'):
        model.loss({}, [dataset[0]['data_samples']])


def test_vectors_of_another_width_are_an_error(two_people_set):
    model = MODELS.build(tracker_config(hierarchy=hierarchy_config(width=20)))
    with pytest.raises(ValueError, match='have 12 numbers, the network takes 20'):
        model.loss({}, [build_dataset(two_people_set)[0]['data_samples']])


def test_clips_without_candidate_edges_train(two_people_set):
    model = MODELS.build(tracker_config())
    clip = build_dataset(two_people_set)[0]['data_samples']
    lonely = clip.between(1, 1)  # one frame: nobody can follow anybody
    losses = model.loss({}, [clip, lonely])
    assert all(torch.isfinite(loss) for loss in losses.values())
    losses = model.loss({}, [lonely])
    total = sum(losses.values())
    total.backward()
    assert float(total) == 0
