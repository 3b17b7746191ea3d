"""LG-MOT as a tracker: stored videos, frames, losses."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from mmengine.dataset import pseudo_collate
from mmtrack.registry import DATASETS, MODELS, TASK_UTILS
from mmtrack.utils import register_all_modules

from lgmot_samples import hierarchy_config
from two_people_set import (
    FRAMES,
    SIZE,
    build_dataset,
    make_vectors,
    perfect,
    person_boxes,
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


@pytest.mark.parametrize('interpolate', [True, False])
def test_video_of_one_frame_has_everybody_in_it(tmp_path, interpolate):
    root = write_set(tmp_path, numbers=[4])
    make_vectors(root)
    finishing = dict(type='TrackFinishing', interpolate=interpolate)
    model = MODELS.build(tracker_config(finishing=finishing)).eval()
    (sample,) = model.track_stored(build_dataset(root, test_mode=True)[0]['data_samples'])
    assert sample.pred_track_instances.instances_id.tolist() == [0, 1]
    np.testing.assert_allclose(sample.pred_track_instances.bboxes, person_boxes(4) + 1, rtol=1e-6)


def test_video_without_detections_has_no_tracks(two_people_set):
    model = MODELS.build(tracker_config(min_score=0.95)).eval()
    video = build_dataset(two_people_set, test_mode=True)[0]['data_samples']
    samples = model.track_stored(video)
    assert len(samples) == FRAMES
    assert all(len(sample.pred_track_instances) == 0 for sample in samples)


class OneTrackEach:
    """A stitcher that joins nothing."""

    def __init__(self, associate):
        self.count = 0

    def add(self, frame):
        self.count += len(frame)

    def finish(self):
        return np.arange(self.count)


def test_another_stitcher_is_one_line_of_the_config(two_people_set, monkeypatch):
    monkeypatch.setitem(TASK_UTILS.module_dict, 'OneTrackEach', OneTrackEach)
    changes = dict(
        stitcher=dict(type='OneTrackEach'), finishing=dict(type='TrackFinishing', min_length=1)
    )
    model = MODELS.build(tracker_config(**changes)).eval()
    video = build_dataset(two_people_set, test_mode=True)[0]['data_samples']
    samples = model.track_stored(video)
    found = torch.cat([sample.pred_track_instances.instances_id for sample in samples])
    assert found.tolist() == list(range(2 * FRAMES))


def test_one_switch_of_the_model_prepares_training_as_published(two_people_set):
    clip = build_dataset(two_people_set)[0]['data_samples']
    clip.boxes[0, 0] += 60  # a false positive, whom nobody describes
    clip.identities[0] = -1
    clip.descriptions[0] = np.nan
    model = MODELS.build(tracker_config(published=True))
    seen = []
    model.hierarchy.loss = seen.extend
    model.loss({}, [clip])
    assert seen[0].identities.tolist() == [-1, 2] + [1, 2] * (FRAMES - 1)
    assert torch.equal(seen[0].boxes[:, 2:], seen[0].boxes[:, 2:].trunc())
    torch.testing.assert_close(seen[0].descriptions[0], seen[0].descriptions[2])
    with pytest.raises(ValueError, match='no training clip'):
        replace(clip, truth=None).as_published()


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
