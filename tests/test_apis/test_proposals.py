import numpy as np
import pytest

from bright_box_tracker import moving_boxes, write_frames
from vsd_mot.apis import open_source, read_proposals
from vsd_mot.datasets.proposals import write_proposals
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
