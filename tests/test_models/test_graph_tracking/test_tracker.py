import json

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.runner import Runner
from mmtrack.registry import DATASETS, MODELS
from mmtrack.utils import register_all_modules

from lgmot_samples import hierarchy_config
from vsd_mot.apis import SourceError, init_tracker, track_video
from vsd_mot.commands import appearance, track
from vsd_mot.datasets.descriptions import (
    InstanceDescription,
    SceneDescription,
    VideoDescriptions,
    write_text_features,
)
from vsd_mot.datasets.proposals import AppearanceStore, ProposalStore, write_proposals
from vsd_mot.models.graph_tracking.message_passing import EdgeScores
from vsd_mot.models.text import BagOfWordsEncoder

FRAMES, SIZE = 12, (96, 128)
COLOURS = ((0, 0, 220), (220, 60, 0))


def person_boxes(frame):
    """Two people who pass each other; (x1, y1, x2, y2)."""
    return np.array(
        [[10 + 6 * frame, 5, 26 + 6 * frame, 45], [90 - 6 * frame, 50, 106 - 6 * frame, 94.0]]
    )


def write_set(root, numbers=range(1, FRAMES + 1)):
    """Two videos in MOTChallenge layout with annotations and proposals."""
    videos, images, annotations, proposals = [], [], [], []
    for video_id, name in enumerate(('A', 'B'), start=1):
        videos.append(dict(id=video_id, name=name, fps=10))
        folder = root / 'train' / name / 'img1'
        folder.mkdir(parents=True)
        for frame_id, number in enumerate(numbers):
            boxes = person_boxes(number)
            picture = np.full((*SIZE, 3), 128, np.uint8)
            for (x1, y1, x2, y2), colour in zip(boxes.astype(int), COLOURS):
                picture[y1:y2, x1:x2] = colour
            file_name = f'train/{name}/img1/{number:06d}.png'
            cv2.imwrite(str(root / file_name), picture)
            images.append(
                dict(
                    id=len(images) + 1, video_id=video_id, file_name=file_name, height=SIZE[0],
                    width=SIZE[1], frame_id=frame_id, mot_frame_id=number,
                )
            )  # fmt: skip
            proposals.append((file_name, SIZE, boxes + 1, np.full(2, 0.9)))
            for person, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
                annotations.append(
                    dict(
                        id=len(annotations) + 1, image_id=len(images), video_id=video_id,
                        category_id=1, bbox=[x1, y1, x2 - x1, y2 - y1],
                        area=(x2 - x1) * (y2 - y1), iscrowd=False, visibility=1.0, mot_conf=1.0,
                        instance_id=10 * video_id + person, mot_instance_id=person + 1,
                    )
                )  # fmt: skip
    content = dict(
        videos=videos,
        images=images,
        annotations=annotations,
        categories=[dict(id=1, name='pedestrian')],
    )
    (root / 'annotations').mkdir()
    (root / 'annotations' / 'train.json').write_text(json.dumps(content))
    write_proposals(root / 'train.proposals', proposals)
    return root


def make_vectors(root):
    config = root / 'encoder.py'
    config.write_text("model = dict(appearance=dict(type='ColourStripes', stripes=4))\n")
    arguments = [str(config), '--data-root', str(root), '--proposals', 'train.proposals']
    assert appearance.main(arguments) == 0


def describe(root, people=(1, 2)):
    videos = [
        VideoDescriptions(
            name,
            SceneDescription(camera='static'),
            {person: InstanceDescription(shirt=f'colour{person}') for person in people},
        )
        for name in ('A', 'B')
    ]
    encoder = BagOfWordsEncoder()
    write_text_features(
        root / 'text.npz', videos, lambda texts: encoder(texts).numpy(), encoder.name
    )


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    root = write_set(tmp_path_factory.mktemp('set'))
    make_vectors(root)
    describe(root)
    return root


def dataset_config(root, **changes):
    return (
        dict(
            type='TrackClipDataset',
            data_root=str(root),
            ann_file='annotations/train.json',
            data_prefix=dict(img_path=''),
            proposal_file='train.proposals',
            appearance_file='train.appearance',
            description_file='text.npz',
            pipeline=[],
        )
        | changes
    )


def build_dataset(root, **changes):
    register_all_modules(init_default_scope=True)
    dataset = DATASETS.build(dataset_config(root, **changes))
    dataset.full_init()
    return dataset


def tracker_config(**changes):
    return (
        dict(
            type='GraphTracker',
            data_preprocessor=dict(type='DetectionDataPreprocessor'),
            hierarchy=hierarchy_config(width=12),
            finishing=dict(type='TrackFinishing'),
            appearance=dict(type='ColourStripes', stripes=4),
            frame_rate=10.0,
        )
        | changes
    )


def perfect(model):
    """Let people of one colour be one person: no weights need to be trained."""

    def score(level, graph):
        source, target = graph.edges
        likeness = (graph.nodes[source] - graph.nodes[target]).norm(dim=1) < 2
        gap = graph.edge_features[:, 0]
        logits = torch.where(likeness, 5 - gap, torch.tensor(-5.0))
        return EdgeScores(logits[None], torch.zeros(1, len(gap), 16), graph.nodes)

    model.hierarchy.score = score
    return model


def test_clips_have_identities_appearance_and_text(root):
    dataset = build_dataset(root)
    assert len(dataset) == 2
    clip = dataset[0]['data_samples']
    assert len(clip) == 2 * FRAMES
    assert clip.frames.tolist() == np.repeat(range(1, FRAMES + 1), 2).tolist()
    assert clip.identities.tolist() == [1, 2] * FRAMES  # the ground truth's own numbers
    assert clip.appearance.shape == (2 * FRAMES, 12)
    assert clip.frame_rate == 10
    expected = BagOfWordsEncoder()(['A person wearing colour2 shirt.'])[0]
    np.testing.assert_allclose(clip.descriptions[1], expected, rtol=1e-6)
    assert clip.scene.shape == (512,)


def test_published_preparation_cuts_fractions_off(tmp_path):
    root = write_set(tmp_path)
    store = ProposalStore(root / 'train.proposals')
    frames = [(key, SIZE, store[key][0] + 0.4, store[key][1]) for key in store]
    write_proposals(root / 'train.proposals', frames)
    make_vectors(root)
    boxes = build_dataset(root, description_file=None)[0]['data_samples'].boxes
    np.testing.assert_allclose(boxes[0], [17.4, 6.4, 16, 40], rtol=1e-6)
    boxes = build_dataset(root, description_file=None, published=True)[0]['data_samples'].boxes
    assert boxes[0].tolist() == [17, 6, 16, 40]


def test_description_of_who_is_not_there_is_an_error(tmp_path):
    root = write_set(tmp_path)
    make_vectors(root)
    describe(root, people=(1, 9))
    with pytest.raises(ValueError, match=r'describes 1 identities of A .* does not have \(9\)'):
        build_dataset(root)


def test_detections_without_appearance_are_an_error(tmp_path):
    root = write_set(tmp_path)
    with pytest.raises(FileNotFoundError, match='make_appearance'):
        build_dataset(root, description_file=None)
    with pytest.raises(ValueError, match='set proposal_file'):
        build_dataset(root, proposal_file=None)


def test_appearance_of_other_proposals_is_refused(tmp_path):
    root = write_set(tmp_path)
    make_vectors(root)
    store = ProposalStore(root / 'train.proposals')
    frames = [(key, SIZE, *(values[:1] for values in store[key])) for key in store]
    write_proposals(root / 'other.proposals', frames)
    with pytest.raises(ValueError, match='was made for other proposals'):
        AppearanceStore(root / 'train.appearance', ProposalStore(root / 'other.proposals'))


def test_killed_making_of_appearance_goes_on(tmp_path):
    root = write_set(tmp_path)
    make_vectors(root)
    whole = (root / 'train.appearance').read_bytes()
    # Killed within a frame: the half frame is made again.
    (root / 'train.appearance').rename(root / 'train.appearance.part')
    with (root / 'train.appearance.part').open('r+b') as file:
        file.truncate(len(whole) - 7 * 2 * 12 - 5)
    make_vectors(root)
    assert (root / 'train.appearance').read_bytes() == whole


def test_too_few_detections_to_train_on_are_an_error(root):
    with pytest.raises(ValueError, match='gives no clip to train on'):
        build_dataset(root, min_score=0.95)


def test_stored_videos_and_frames_give_the_same_tracks(root):
    register_all_modules(init_default_scope=True)
    model = perfect(MODELS.build(tracker_config())).eval()
    stored = build_dataset(root, test_mode=True)
    batch = dict(inputs={}, data_samples=[stored[0]['data_samples']])
    first = model.test_step(batch)
    assert len(first) == FRAMES
    ids = [sample.pred_track_instances.instances_id.tolist() for sample in first]
    assert ids == [[0, 1]] * FRAMES

    frames = DATASETS.build(
        dict(
            type='MOTClipDataset',
            data_root=str(root),
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
            frame.sample.mot_frame_id, frame.boxes, frame.scores, SIZE, frame.appearance.__getitem__
        )
    assert np.unique(run.finish().frames).tolist() == list(range(1, 9))


def run_config(root, work_dir):
    loader = dict(batch_size=2, num_workers=0, dataset=dataset_config(root))
    loader['sampler'] = dict(type='DefaultSampler', shuffle=False)
    test = dict(loader, batch_size=1, dataset=dataset_config(root, test_mode=True))
    evaluator = dict(type='MOTChallengeMetrics', metric=['HOTA', 'CLEAR', 'Identity'])
    return dict(
        model=tracker_config(),
        work_dir=str(work_dir),
        train_dataloader=loader,
        val_dataloader=test,
        test_dataloader=test,
        train_cfg=dict(type='EpochBasedTrainLoop', max_epochs=4, val_interval=4),
        val_cfg=dict(type='ValLoop'),
        test_cfg=dict(type='TestLoop'),
        val_evaluator=evaluator,
        test_evaluator=evaluator,
        optim_wrapper=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=1e-3)),
        custom_hooks=[dict(type='UnlockLevelsHook', every=2)],
        default_scope='mmtrack',
        experiment_name=work_dir.name,
        log_level='WARNING',
        randomness=dict(seed=0),
    )


def test_training_unlocks_levels_and_is_scored(root, tmp_path):
    runner = Runner.from_cfg(Config(run_config(root, tmp_path)))
    seen = []

    def record(*args, **kwargs):
        seen.append(runner.model.hierarchy.active_levels)
        return loss(*args, **kwargs)

    loss = runner.model.hierarchy.loss
    runner.model.hierarchy.loss = record
    runner.train()
    assert seen == [1, 1, 2, 2]
    assert runner.model.hierarchy.active_levels == 3
    scores = runner.message_hub.log_scalars
    assert any(name.endswith('HOTA') for name in scores)


def api_config(**changes):
    return Config(
        dict(
            model=tracker_config(**changes),
            test_dataloader=dict(dataset=dict(pipeline=[dict(type='PackClipInputs')])),
            default_scope='mmtrack',
        )
    )


@pytest.mark.filterwarnings('ignore:no checkpoint was given')
def test_video_is_tracked_in_two_passes(root):
    tracker = init_tracker(api_config(), device='cpu')
    assert tracker.abilities.offline
    perfect(tracker.model)
    proposals = {
        index: (person_boxes(index + 1), np.full(2, 0.9)) for index in range(FRAMES) if index != 5
    }
    results = track_video(tracker, root / 'train' / 'A' / 'img1', proposals=proposals)
    results = list(results)
    assert [result.index for result in results] == list(range(FRAMES))
    assert all(result.image.shape == (*SIZE, 3) for result in results)
    # The frame without detections is filled.
    assert [result.ids.tolist() for result in results] == [[0, 1]] * FRAMES
    np.testing.assert_allclose(results[5].boxes, person_boxes(6), atol=1e-3)


@pytest.mark.filterwarnings('ignore:no checkpoint was given')
def test_what_cannot_be_read_twice_is_refused(tmp_path):
    tracker = init_tracker(api_config(), device='cpu')
    with pytest.raises(SourceError, match='GraphTracker is offline'):
        track_video(tracker, iter([np.zeros((96, 128, 3), np.uint8)]), proposals={})


@pytest.mark.filterwarnings('ignore:no checkpoint was given')
def test_demo_says_that_it_is_offline(root, tmp_path, capsys):
    api_config().dump(tmp_path / 'config.py')
    det = tmp_path / 'det.txt'
    rows = [
        f'{f},-1,{x1},{y1},{x2 - x1},{y2 - y1},0.9\n'
        for f in range(1, FRAMES + 1)
        for x1, y1, x2, y2 in person_boxes(f)
    ]
    det.write_text(''.join(rows))
    arguments = [root / 'train' / 'A', tmp_path / 'config.py', '--proposals', det, '--no-video']
    arguments += ['--out', tmp_path / 'out', '--device', 'cpu']
    assert track.main([str(argument) for argument in arguments]) == 0
    assert 'is offline' in capsys.readouterr().out
    assert (tmp_path / 'out' / 'A.txt').is_file()


def test_language_without_text_is_an_error(root):
    dataset = build_dataset(root, description_file=None)
    model = MODELS.build(tracker_config())
    with pytest.raises(ValueError, match='clips have no text features'):
        model.loss({}, [dataset[0]['data_samples']])


def test_vectors_of_another_width_are_an_error(root):
    model = MODELS.build(tracker_config(hierarchy=hierarchy_config(width=20)))
    with pytest.raises(ValueError, match='have 12 numbers, the network takes 20'):
        model.loss({}, [build_dataset(root)[0]['data_samples']])


def test_clips_without_candidate_edges_train(root):
    model = MODELS.build(tracker_config())
    clip = build_dataset(root)[0]['data_samples']
    lonely = clip.between(1, 1)  # one frame: nobody can follow anybody
    losses = model.loss({}, [clip, lonely])
    assert all(torch.isfinite(loss) for loss in losses.values())
    losses = model.loss({}, [lonely])
    total = sum(losses.values())
    total.backward()
    assert float(total) == 0
