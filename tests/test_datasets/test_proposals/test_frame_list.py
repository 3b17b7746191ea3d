"""Frames that proposals are made for."""

import json

import pytest

from vsd_mot.datasets.proposals import (
    frames_of_annotations,
    frames_of_folder,
)


def test_frames_of_a_folder_and_of_annotations(sequence, tmp_path):
    names = [f'MOT17-02-DPM/img1/{i:06d}.jpg' for i in (1, 2, 3)]
    assert frames_of_folder(sequence) == names
    with pytest.raises(ValueError, match='ann-file'):
        frames_of_folder(sequence / 'MOT17-02-DPM' / 'det')
    file = tmp_path / 'a.json'
    file.write_text(json.dumps(dict(images=[dict(file_name=n.replace('/', '\\')) for n in names])))
    assert frames_of_annotations(file) == names
    file.write_text('{"images": [{}]}')
    with pytest.raises(ValueError, match='file_name'):
        frames_of_annotations(file)
