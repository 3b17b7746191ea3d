import json

import numpy as np
import pytest
import supervision as sv
import torch
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.structures import InstanceData

from api_samples import detections_of, motrv2_tracker
from bright_box_tracker import moving_boxes, true_boxes, write_frames
from vsd_mot.apis import TrackOutputs, init_tracker, open_source, read_proposals, track_video
from vsd_mot.datasets.proposals import write_proposals
from vsd_mot.datasets.tracks import convert_tracks, read_video_tracks
from vsd_mot.errors import ProposalError


@pytest.fixture
def source(tmp_path):
    return open_source(write_frames(tmp_path / 'set' / 'walk' / 'img1', moving_boxes(3)))


def frames_of(video, count=3, suffix='.png'):
    """Proposals whose first coordinate is the frame's number."""
    for number in range(1, count + 1):
        boxes = [[number, 0, 10, 10], [0, 0, 5, 5]]
        yield f'{video}/img1/frame{number}{suffix}', (96, 128), boxes, [0.9, 0.05]


def test_det_file(source, tmp_path):
    path = tmp_path / 'det.txt'
    path.write_text('2,-1,10,20,30,40,0.8,-1,-1,-1\n2,-1,1,2,3,4,0.04\n1,-1,5,5,5,5,0.9\n')
    proposals = read_proposals(path, source)
    boxes, scores = proposals[1]
    assert boxes.tolist() == [[10, 20, 40, 60]]
    assert scores == pytest.approx([0.8])
    assert set(proposals) == {0, 1}
    assert len(read_proposals(path, source, min_score=0.0)[1][0]) == 2


def test_det_file_numbers_frames_as_the_images(tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes(3))
    (folder / 'frame3.png').rename(folder / 'frame7.png')
    source = open_source(folder)
    path = tmp_path / 'det.txt'
    path.write_text('7,-1,10,20,30,40,0.8\n1,-1,5,5,5,5,0.9\n')
    proposals = read_proposals(path, source)
    assert set(proposals) == {0, 2}
    assert proposals[2][0].tolist() == [[10, 20, 40, 60]]
    path.write_text('3,-1,10,20,30,40,0.8\n')
    with pytest.raises(ProposalError, match='has frame 3, but walk has 3 frames, numbers 1 to 7'):
        read_proposals(path, source)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('9,-1,1,1,2,2,1\n', 'has frame 9, but walk has 3 frames'),
        ('1,-1,1,1,two,2,1\n', 'line 1: not numbers'),
        ('\n', 'holds no detections'),
    ],
)
def test_det_file_that_cannot_be(source, tmp_path, text, message):
    (tmp_path / 'det.txt').write_text(text)
    with pytest.raises(ProposalError, match=message):
        read_proposals(tmp_path / 'det.txt', source)


def test_proposal_file_of_many_videos(source, tmp_path):
    path = tmp_path / 'train.proposals'
    write_proposals(path, [*frames_of('run'), *frames_of('walk')])
    proposals = read_proposals(path, source)
    assert len(proposals) == 3
    for frame in proposals:
        boxes, scores = proposals[frame]
        assert boxes.tolist() == [[frame + 1, 0, 10, 10]]
        assert scores == pytest.approx([0.9])
    assert proposals.get(3, 'nothing') == 'nothing'


def test_proposal_file_of_one_video_needs_no_name(source, tmp_path):
    path = tmp_path / 'one.proposals'
    write_proposals(path, frames_of('other'))
    assert read_proposals(path, source)[2][0][0, 0] == 3
    arrays = open_source(moving_boxes(3))
    assert read_proposals(path, arrays)[2][0][0, 0] == 3
    with pytest.raises(ProposalError, match='has 3 frames of video, the video 4'):
        read_proposals(path, open_source(moving_boxes(4)))


def test_proposal_file_that_does_not_fit(source, tmp_path):
    path = tmp_path / 'a.proposals'
    write_proposals(path, [*frames_of('run'), *frames_of('jump')])
    with pytest.raises(ProposalError, match=r'2 videos and 0 of them fit walk: jump/img1, run'):
        read_proposals(path, source)
    write_proposals(path, frames_of('walk', count=2))
    with pytest.raises(ProposalError, match=r'lacks 1 frames of walk, such as frame3\.png'):
        read_proposals(path, source)
    path.write_bytes(b'no proposal file')
    with pytest.raises(ProposalError, match='is not a proposal file'):
        read_proposals(path, source)
    with pytest.raises(ProposalError, match='does not exist'):
        read_proposals(tmp_path / 'nowhere.txt', source)


def test_boxes_are_arrays_that_may_be_changed(source, tmp_path):
    path = tmp_path / 'a.proposals'
    write_proposals(path, frames_of('walk'))
    proposals = read_proposals(path, source)
    proposals[0][0][:] = 0
    assert np.any(proposals[0][0])


LENGTH = 5
CLASSES = {0: 'person', 2: 'car'}


def labelled(index):
    """Detections of a frame of ``moving_boxes``, of two classes."""
    boxes = np.array(list(true_boxes(index).values()), np.float32)
    return boxes, np.array([0.9, 0.8], np.float32), np.array([2, 0])


def as_supervision(index):
    boxes, scores, labels = labelled(index)
    names = np.array([CLASSES[label] for label in labels])
    return sv.Detections(boxes, confidence=scores, class_id=labels, data=dict(class_name=names))


def as_mmdet(index):
    boxes, scores, labels = map(torch.from_numpy, labelled(index))
    return DetDataSample(pred_instances=InstanceData(bboxes=boxes, scores=scores, labels=labels))


def as_coco(path):
    """The same detections as a file of COCO, whose categories have other ids."""
    images, annotations = [], []
    for index in range(LENGTH):
        images.append(dict(id=index, frame_id=index, file_name='a.png', width=128, height=96))
        for (x1, y1, x2, y2), score, label in zip(*(part.tolist() for part in labelled(index))):
            annotations.append(
                dict(id=len(annotations), image_id=index, category_id=10 + label, score=score,
                     bbox=[x1, y1, x2 - x1, y2 - y1])
            )  # fmt: skip
    categories = [dict(id=10 + k, name=CLASSES.get(k, 'bus')) for k in range(3)]
    content = dict(images=images, annotations=annotations, categories=categories)
    path.write_text(json.dumps(content))
    return path


def forms(folder):
    """The same detections of the video in every form that tracking takes."""
    det = ''.join(
        f'{index + 1},-1,{x1},{y1},{x2 - x1},{y2 - y1},{score:.6f}\n'
        for index in range(LENGTH)
        for (x1, y1, x2, y2), score in zip(*(part.tolist() for part in labelled(index)[:2]))
    )
    (folder / 'det.txt').write_text(det)
    counter = iter(range(LENGTH))
    return {
        'mapping': {index: labelled(index) for index in range(LENGTH)},
        'list': [as_mmdet(index) for index in range(LENGTH)],
        'generator': (as_supervision(index) for index in range(LENGTH)),
        'function': lambda picture: as_supervision(next(counter)),
        'det file': folder / 'det.txt',
        'COCO': as_coco(folder / 'det.json'),
    }


FORMS = ('mapping', 'list', 'generator', 'function', 'det file', 'COCO')


def tracks_of(tracker, proposals, **settings):
    results = track_video(tracker, moving_boxes(LENGTH), proposals=proposals, **settings)
    return [
        (result.ids.tolist(), result.labels.tolist(), result.class_names, result.boxes)
        for result in results
    ]


def assert_same(tracks, others):
    for one, other in zip(tracks, others, strict=True):
        assert one[:3] == other[:3]
        assert np.allclose(one[3], other[3], atol=1e-4)


@pytest.fixture(scope='module')
def query_tracker(tmp_path_factory):
    return motrv2_tracker(tmp_path_factory.mktemp('motrv2'))


@pytest.fixture(scope='module')
def box_tracker():
    """MMTracking's ByteTrack on stored boxes alone."""
    pipeline = [dict(type='LoadFrame'), dict(type='PackClipInputs')]
    metainfo = dict(CLASSES=('pedestrian',))
    return init_tracker(
        Config(
            dict(
                default_scope='mmtrack',
                model=dict(
                    type='BoxTracker',
                    data_preprocessor=dict(type='TrackDataPreprocessor'),
                    motion=dict(type='KalmanFilter'),
                    tracker=dict(type='ByteTracker', init_track_thr=0.5),
                ),
                test_dataloader=dict(dataset=dict(pipeline=pipeline, metainfo=metainfo)),
            )
        ),
        device='cpu',
    )


@pytest.mark.parametrize('form', FORMS)
def test_a_query_tracker_takes_every_form(query_tracker, tmp_path, form):
    expected = tracks_of(query_tracker, detections_of(LENGTH))
    tracks = tracks_of(query_tracker, forms(tmp_path)[form], window=2)
    assert_same(tracks, expected)
    assert tracks[-1][0]
    assert set(tracks[-1][2]) <= {'pedestrian', *query_tracker.classes}  # its own class, not cars


@pytest.mark.parametrize('form', FORMS)
def test_a_tracker_of_boxes_keeps_their_classes(box_tracker, tmp_path, form):
    ids, labels, names, boxes = tracks_of(box_tracker, forms(tmp_path)[form])[-1]
    order = np.argsort(boxes[:, 0])
    assert np.allclose(boxes[order], sorted(labelled(LENGTH - 1)[0].tolist()), atol=1)
    assert len(set(ids)) == 2
    if form == 'det file':  # has no classes
        assert (labels, names) == ([0, 0], ['pedestrian'] * 2)
    else:
        assert sorted(labels) == [0, 2]
        expected = {'mapping': {'pedestrian', 'class_2'}, 'list': {'pedestrian', 'class_2'}}
        assert set(names) == expected.get(form, {'person', 'car'})


def test_classes_come_through_to_all_files(box_tracker, tmp_path):
    detections = [as_supervision(index) for index in range(LENGTH)]
    results = track_video(box_tracker, moving_boxes(LENGTH), proposals=detections)
    formats = ('cvat', 'yolo', 'label-studio', 'csv', 'parquet')
    with TrackOutputs(tmp_path, results.source, video=False, formats=formats) as outputs:
        for result in results:
            outputs.write(result)
    assert set(outputs.files) == {'text', 'json', *formats}
    names = {'person', 'class_1', 'car'}
    for kind in ('json', 'cvat'):
        table = read_video_tracks(outputs.files[kind])
        assert set(table.classes) == names
        assert {table.classes[label] for label in table.labels} == {'person', 'car'}
    assert '2: car' in (outputs.files['yolo'] / 'data.yaml').read_text()
    assert ',car,' in outputs.files['csv'].read_text()
    with TrackOutputs(tmp_path, results.source, ('a', 'b', 'c'), video=False) as outputs:
        outputs.write(result)
    assert read_video_tracks(outputs.files['json']).classes == ('a', 'b', 'c')


def test_ground_truth_of_cvat_as_detections(query_tracker, tmp_path):
    (tmp_path / 'gt').mkdir()
    rows = [
        f'{index + 1},{identity},{x1},{y1},{x2 - x1},{y2 - y1},1,1,1\n'
        for index in range(LENGTH)
        for identity, (x1, y1, x2, y2) in true_boxes(index).items()
    ]
    (tmp_path / 'gt' / 'gt.txt').write_text(''.join(rows) + '2,99,0,0,9,9,0,1,1\n')
    convert_tracks(tmp_path / 'gt' / 'gt.txt', tmp_path / 'a.xml', to='cvat')
    detections = read_proposals(tmp_path / 'a.xml', open_source(moving_boxes(LENGTH)))
    assert set(detections) == set(range(LENGTH))
    assert detections[1].boxes.tolist() == [list(box) for box in true_boxes(1).values()]
    assert detections[1].names == {0: 'pedestrian'}
    with pytest.raises(ProposalError, match='has frame 5, but video has 3 frames'):
        read_proposals(tmp_path / 'a.xml', open_source(moving_boxes(3)))
    assert len(tracks_of(query_tracker, tmp_path / 'a.xml')) == LENGTH


@pytest.mark.parametrize(
    ('proposals', 'message'),
    [
        (
            {0: np.full((1, 4), np.nan)},
            'the detections of frame 1: boxes hold numbers that are not',
        ),
        (lambda picture: [[0.1, 0.1, 0.5, 0.5]], 'frame 1: all boxes .* normalised'),
        (iter([None, None]), 'the detections end before frame 3 of video'),
        ([None] * 7, 'there are proposals for frame 7, and video ends after frame 5'),
        (np.zeros((2, 4)), 'proposals are ndarray: give a file, a mapping or list'),
        (7, 'proposals are int'),
    ],
)
def test_what_cannot_be_used_is_said(query_tracker, proposals, message):
    with pytest.raises(ProposalError, match=message):
        tracks_of(query_tracker, proposals)


def test_a_function_is_asked_for_each_picture(query_tracker):
    pictures, asked = moving_boxes(3), []
    list(track_video(query_tracker, pictures, proposals=asked.append))
    assert np.array_equal(asked, pictures)
