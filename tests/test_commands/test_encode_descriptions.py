"""The command that encodes descriptions."""

import numpy as np

from description_samples import described, write_sequence
from vsd_mot.commands import encode_descriptions
from vsd_mot.datasets.descriptions import (
    FILE_NAME,
    TextFeatures,
)
from vsd_mot.models.text import BagOfWordsEncoder


def encode(tmp_path, *options):
    return encode_descriptions.main([str(tmp_path), *map(str, options)])


def test_features_are_stored_by_video_and_identity(tmp_path):
    write_sequence(tmp_path / 'set', content=described(background=dict(text='background')))
    out = tmp_path / 'text.npz'
    assert encode(tmp_path / 'set', '--out', out, '--encoder', 'type=BagOfWordsEncoder') == 0
    features = TextFeatures(out)
    assert list(features) == ['A']
    video = features['A']
    encoder = BagOfWordsEncoder()
    expected = encoder(['Tall.', 'background'])
    ours = video.of(np.array([7, 1, 5, -1]))
    np.testing.assert_allclose(ours[0], expected[0])
    np.testing.assert_allclose(ours[3], expected[1])
    assert np.isnan(ours[2]).all()
    assert not np.isnan(ours[1]).any()
    published = video.of(np.array([-1]), published=True)
    np.testing.assert_allclose(published[0], ours[1])


def test_description_of_who_is_not_there_is_an_error(tmp_path, capsys):
    write_sequence(tmp_path, content=described(), identities=(1,))
    assert encode(tmp_path, '--check') == 1
    message = capsys.readouterr().err
    assert 'describes 1 identities of A that its ground truth does not have (7)' in message


def test_sequence_without_descriptions_is_an_error(tmp_path, capsys):
    write_sequence(tmp_path)
    assert encode(tmp_path, '--check') == 1
    assert f'has no {FILE_NAME}' in capsys.readouterr().err
