"""Proposals made in the loop, and that they are those of the proposal file."""

import cv2
import mmcv
import numpy as np
import pytest
import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy

from random_detector import detector_config, random_detector
from vsd_mot.datasets.proposals import detect
from vsd_mot.models.detectors import ProposalDetector
from vsd_mot.models.frames import FrameBatch

HEIGHT, WIDTH = 96, 128
PIPELINE = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', scale=(WIDTH, HEIGHT), keep_ratio=True),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]


@pytest.fixture(scope='module')
def config():
    return detector_config()


@pytest.fixture(scope='module')
def checkpoint(tmp_path_factory):
    path = tmp_path_factory.mktemp('weights') / 'detector.pth'
    torch.save(dict(state_dict=random_detector((HEIGHT, WIDTH)).state_dict(), meta={}), path)
    return str(path)


@pytest.fixture(scope='module')
def detector(config, checkpoint):
    return ProposalDetector(config, checkpoint)


def image(seed, height=HEIGHT, width=WIDTH):
    """A smooth random BGR image."""
    rng = np.random.default_rng(seed)
    blobs = rng.integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return cv2.resize(blobs, (width, height), interpolation=cv2.INTER_CUBIC)


def batch_of(images, pad=0):
    """Frames as the data preprocessor gives them; BGR in, RGB out."""
    height = max(i.shape[0] for i in images) + pad
    width = max(i.shape[1] for i in images) + pad
    raw = torch.zeros(len(images), 3, height, width, dtype=torch.uint8)
    for number, picture in enumerate(images):
        rgb = torch.from_numpy(picture[..., ::-1].copy()).permute(2, 0, 1)
        raw[number, :, : picture.shape[0], : picture.shape[1]] = rgb
    return FrameBatch(raw.float(), raw, [i.shape[:2] for i in images])


def pixels(boxes, height, width):
    return bbox_cxcywh_to_xyxy(boxes) * torch.tensor([width, height, width, height])


def in_double(detector):
    """A detector in double precision.

    In single, a CPU's kernels add up in another order for another number of frames, and a detector
    with random weights makes 3e-4 of that.
    """
    network = detector.detector.double()
    network.backbone.register_forward_pre_hook(lambda _, inputs: (inputs[0].double(),))
    return detector


def test_same_proposals_as_the_file(config, checkpoint, tmp_path):
    detector = in_double(ProposalDetector(config, checkpoint))
    pictures = [image(seed) for seed in range(3)]
    for number, picture in enumerate(pictures):
        cv2.imwrite(str(tmp_path / f'{number}.png'), picture)
    stored = list(
        detect(
            detector.detector,
            PIPELINE,
            root=tmp_path,
            keys=[f'{n}.png' for n in range(3)],
            batch_size=2,
        )
    )
    made = detector(batch_of(pictures, pad=32))
    assert len(made) == 3
    counts = []
    for (_, size, boxes, scores), (loop_boxes, loop_scores) in zip(stored, made):
        assert size == (HEIGHT, WIDTH)
        counts.append(len(boxes))
        boxes, scores = torch.from_numpy(boxes), torch.from_numpy(scores)  # single precision
        torch.testing.assert_close(
            pixels(loop_boxes, HEIGHT, WIDTH).to(boxes), boxes, rtol=1e-5, atol=1e-4
        )
        torch.testing.assert_close(loop_scores.to(scores), scores, rtol=0, atol=1e-6)
    assert min(counts) > 0, 'the random detector should find something, or nothing is compared'
    assert all((scores > 0.05).all() for *_, scores in stored)


def test_resize_in_the_loop_is_that_of_the_pipeline(config, checkpoint):
    # The tracker sees the frame at twice the detector's size.
    large = cv2.resize(image(5), (2 * WIDTH, 2 * HEIGHT), interpolation=cv2.INTER_LINEAR)
    detector = ProposalDetector(config, checkpoint, input_scale=(WIDTH, HEIGHT))
    frames = batch_of([large])
    resized = detector._resize(frames.raw)
    picture = resized[0].permute(1, 2, 0).flip(-1).numpy()
    by_pipeline = mmcv.imrescale(large, (WIDTH, HEIGHT))
    assert picture.shape == by_pipeline.shape
    difference = np.abs(picture.astype(int) - by_pipeline)
    assert difference.max() <= 1, 'rounding is all that may differ'

    ((boxes, scores),) = detector(frames)
    ((small_boxes, small_scores),) = detector(batch_of([picture]))
    assert len(boxes) > 0
    torch.testing.assert_close(boxes, small_boxes)
    torch.testing.assert_close(scores, small_scores)


def test_frames_of_different_size_do_not_disturb_each_other(config, checkpoint):
    detector = in_double(ProposalDetector(config, checkpoint))
    pictures = [image(1), image(2, 64, 96), image(3)]
    together = detector(batch_of(pictures))
    for picture, (boxes, scores) in zip(pictures, together):
        ((alone_boxes, alone_scores),) = detector(batch_of([picture]))
        torch.testing.assert_close(boxes, alone_boxes, rtol=1e-6, atol=1e-6)
        torch.testing.assert_close(scores, alone_scores, rtol=0, atol=1e-6)


def test_batches_are_limited(config, checkpoint, monkeypatch):
    detector = ProposalDetector(config, checkpoint, max_batch=2)
    seen = []
    predict = detector.detector.predict

    def counting(inputs, *args, **kwargs):
        seen.append(len(inputs))
        return predict(inputs, *args, **kwargs)

    monkeypatch.setattr(detector.detector, 'predict', counting)
    assert len(detector(batch_of([image(n) for n in range(5)]))) == 5
    assert seen == [2, 2, 1]


def test_nothing_above_the_threshold_gives_empty_proposals(config, checkpoint):
    ((boxes, scores),) = ProposalDetector(config, checkpoint, score_thr=1.1)(batch_of([image(0)]))
    assert boxes.shape == (0, 4)
    assert scores.shape == (0,)


def test_boxes_that_are_not_finite_are_an_error(config, checkpoint):
    detector = ProposalDetector(config, checkpoint, score_thr=-1.0)
    for convolution in detector.detector.bbox_head.multi_level_conv_reg:
        torch.nn.init.constant_(convolution.bias, float('inf'))
    with pytest.raises(ValueError, match='not finite: its weights are broken'):
        detector(batch_of([image(0)]))


def test_other_classes_are_left_out(config, checkpoint):
    detector = ProposalDetector(config, checkpoint, keep_labels=(3,))
    assert len(detector(batch_of([image(0)]))[0][1]) == 0


def test_detector_is_no_part_of_the_trackers_training(detector):
    tracker = torch.nn.Module()
    tracker.detector = detector
    assert list(tracker.parameters()) == []
    assert tracker.state_dict() == {}
    tracker.train()
    assert not any(module.training for module in detector.detector.modules())
    boxes, scores = detector(batch_of([image(0)]))[0]
    assert not boxes.requires_grad
    assert not scores.requires_grad
    assert not any(parameter.requires_grad for parameter in detector.detector.parameters())


def test_detector_follows_its_tracker(config, checkpoint):
    tracker = torch.nn.Module()
    tracker.detector = ProposalDetector(config, checkpoint)
    tracker.to('meta')
    inner = tracker.detector.detector
    assert next(inner.parameters()).device.type == 'meta'
    # What prepares its input puts it where the detector is.
    assert inner.data_preprocessor.device.type == 'meta'
    prepared = inner.data_preprocessor(dict(inputs=[torch.zeros(3, 64, 64)]), training=False)
    assert prepared['inputs'].device.type == 'meta'


def test_weights_that_do_not_fit_are_named(config, checkpoint, tmp_path):
    state = torch.load(checkpoint, weights_only=True)['state_dict']
    state['stranger'] = torch.zeros(1)
    del state['backbone.stem.conv.conv.weight']
    torch.save(dict(state_dict=state), tmp_path / 'other.pth')
    with pytest.raises(Exception, match=r'(?s)backbone\.stem\.conv\.conv\.weight.*stranger'):
        ProposalDetector(config, str(tmp_path / 'other.pth'))


def test_random_detector_is_told(config):
    with pytest.warns(UserWarning, match='no checkpoint'):
        ProposalDetector(config)
