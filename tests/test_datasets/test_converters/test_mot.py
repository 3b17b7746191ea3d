"""From folders of sequences to annotation files."""

from __future__ import annotations

import json

import pytest

from converter_samples import MOT17_GT, boxes_of, convert, make_sequence
from vsd_mot.datasets.converters import convert_mot


def test_links_to_sequences_are_as_good_as_folders(tmp_path):
    """Data sets lie where there is room; what trains is a folder of links."""
    elsewhere, root = tmp_path / 'archive', tmp_path / 'own'
    root.mkdir()
    for name in 'AB':
        make_sequence(elsewhere / name, MOT17_GT)
        (root / name).symlink_to(elsewhere / name)
    contents, _ = convert(root, val_sequences=['B'])
    assert contents['train']['images'][0]['file_name'] == 'A/img1/000001.jpg'
    # Also the other way round: the root under another name than the sequences.
    (tmp_path / 'alias').symlink_to(elsewhere)
    files = convert_mot(
        [elsewhere], output=tmp_path / 'out', root=tmp_path / 'alias', progress=False
    ).files
    image = json.loads(files['all'].read_text())['images'][0]
    assert image['file_name'] == 'A/img1/000001.jpg'


@pytest.mark.parametrize('frames', [7, 8])
def test_halves(tmp_path, frames):
    """The first n // 2 + 1 frames train, as in MMTracking's converter; frames restart at 0."""
    gt = ''.join(f'{k},1,{k},1,9,9,1,1,1\n' for k in range(1, frames + 1))
    make_sequence(tmp_path / 'A', gt, numbers=range(1, frames + 1))
    contents, _ = convert(tmp_path, half=True)
    first, second = contents['half-train'], contents['half-val']
    assert len(first['images']) == frames // 2 + 1
    assert len(second['images']) == frames - frames // 2 - 1
    assert second['images'][0]['frame_id'] == 0
    assert second['images'][0]['mot_frame_id'] == frames // 2 + 2
    assert boxes_of(second)[1]['bbox'][0] == frames // 2 + 2
    assert len(first['annotations']) + len(second['annotations']) == frames


def test_too_short_for_halves(tmp_path):
    make_sequence(tmp_path / 'A', '1,1,1,1,9,9\n', numbers=[1, 2])
    with pytest.raises(ValueError, match='A has 2 frames, too few'):
        convert(tmp_path, half=True)


def test_sequences_without_ground_truth_are_for_testing(tmp_path):
    make_sequence(tmp_path / 'A', MOT17_GT)
    make_sequence(tmp_path / 'B')
    contents, report = convert(tmp_path, val_sequences=['A'])
    assert contents['test']['annotations'] == []
    assert len(contents['test']['images']) == 4
    assert "sequence without gt/gt.txt, put into the split 'test'\n    B" in report


def test_several_sources_and_equal_names(tmp_path):
    make_sequence(tmp_path / 'MOT17' / 'train' / 'A', MOT17_GT)
    make_sequence(tmp_path / 'MOT20' / 'train' / 'B', MOT17_GT)
    sources = [tmp_path / 'MOT17' / 'train', tmp_path / 'MOT20' / 'train']
    written = convert_mot(
        sources, output=tmp_path / 'out', val_sequences=['B'], progress=False
    ).files
    assert written['val'] == tmp_path / 'out' / 'val.json'
    content = json.loads(written['val'].read_text())
    assert content['images'][0]['file_name'] == 'MOT20/train/B/img1/000001.jpg'
    make_sequence(tmp_path / 'MOT20' / 'train' / 'A', MOT17_GT)
    with pytest.raises(ValueError, match='two sequences are called A'):
        convert_mot(sources, output=tmp_path / 'out', progress=False)


def test_conversion_is_repeatable_and_atomic(tmp_path, monkeypatch):
    make_sequence(tmp_path / 'A', MOT17_GT)
    written = convert_mot([tmp_path], progress=False).files
    before = written['all'].read_bytes()
    convert_mot([tmp_path], progress=False)
    assert written['all'].read_bytes() == before

    def fail(*args):
        raise OSError('disk full')

    monkeypatch.setattr('os.replace', fail)
    with pytest.raises(OSError, match='disk full'):
        convert_mot([tmp_path], progress=False)
    assert written['all'].read_bytes() == before
    assert [p.name for p in written['all'].parent.iterdir()] == ['all.json']
