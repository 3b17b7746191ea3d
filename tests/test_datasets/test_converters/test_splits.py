"""Which sequences go to which annotation file."""

from __future__ import annotations

import pytest

from converter_samples import MOT17_GT, convert, make_sequence, names


def test_one_detector_variant_is_kept(tmp_path):
    for variant in ('DPM', 'FRCNN', 'SDP'):
        make_sequence(tmp_path / 'train' / f'MOT17-02-{variant}', MOT17_GT)
    make_sequence(tmp_path / 'train' / 'MOT17-04-SDP', MOT17_GT)
    contents, report = convert(tmp_path)
    names = [video['name'] for video in contents['train']['videos']]
    assert names == ['MOT17-02-FRCNN', 'MOT17-04-SDP']
    assert '2 x detector variant of a sequence that is taken from FRCNN, left out' in report
    contents, _ = convert(tmp_path, detector='DPM')
    assert contents['train']['videos'][0]['name'] == 'MOT17-02-DPM'
    with pytest.raises(ValueError, match='DPM, FRCNN, SDP, not with YOLOX: choose one'):
        convert(tmp_path, detector='YOLOX')


def test_split_by_names(tmp_path):
    for name in ('MOT17-02-FRCNN', 'MOT17-04-FRCNN', 'own'):
        make_sequence(tmp_path / name, MOT17_GT)
    contents, report = convert(tmp_path, val_sequences=['MOT17-04'])
    assert names(contents['train']) == ['MOT17-02-FRCNN', 'own']
    assert names(contents['val']) == ['MOT17-04-FRCNN']
    assert 'left out' not in report
    contents, _ = convert(tmp_path, train_sequences=['MOT17-*'])
    assert names(contents['val']) == ['own']
    contents, report = convert(tmp_path, train_sequences=['own'], val_sequences=['MOT17-02'])
    assert names(contents['val']) == ['MOT17-02-FRCNN']
    assert 'neither named for training nor for validation, left out\n    MOT17-04' in report
    with pytest.raises(ValueError, match=r"no sequence 'MOT17-40' among 3; similar: MOT17-04"):
        convert(tmp_path, val_sequences=['MOT17-40'])
    with pytest.raises(ValueError, match='own cannot both train and validate'):
        convert(tmp_path, val_sequences=['own'], train_sequences=['*'])


def test_split_by_lists(tmp_path):
    for name in 'ABC':
        make_sequence(tmp_path / name, MOT17_GT)
    (tmp_path / 'train.txt').write_text('name\nA\n\n# a remark\n')
    (tmp_path / 'dev.txt').write_text('B  # one\n')
    lists = dict(train=tmp_path / 'train.txt', dev=tmp_path / 'dev.txt')
    contents, report = convert(tmp_path, lists=lists)
    assert set(contents) == {'train', 'dev'}
    assert contents['dev']['videos'][0]['name'] == 'B'
    assert 'sequence in none of the lists, left out\n    C' in report
    (tmp_path / 'dev.txt').write_text('# nothing\n')
    with pytest.raises(ValueError, match=r'dev\.txt names no sequences'):
        convert(tmp_path, lists=lists)
    with pytest.raises(FileNotFoundError, match=r'no list file .*none\.txt for the split x'):
        convert(tmp_path, lists=dict(x=tmp_path / 'none.txt'))
