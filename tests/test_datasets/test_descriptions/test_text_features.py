"""Features of descriptions in a file."""

import pytest

from vsd_mot.datasets.descriptions import (
    DescriptionError,
    TextFeatures,
)


def test_damaged_features_are_refused(tmp_path):
    (tmp_path / 'text.npz').write_bytes(b'no features')
    with pytest.raises(DescriptionError, match='or is damaged'):
        TextFeatures(tmp_path / 'text.npz')
    with pytest.raises(FileNotFoundError, match='encode_descriptions'):
        TextFeatures(tmp_path / 'nothing.npz')
