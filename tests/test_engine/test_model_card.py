import json

import pytest

from vsd_mot.engine.model_card import (
    ModelCard,
    card_from,
    card_to_metadata,
    entry_line,
    meta_from_metadata,
)
from vsd_mot.errors import DataFileError

CARD = ModelCard(
    config="model = dict(type='MOTRv2')\n",
    classes=('pedestrian', 'Fußgänger'),
    data='own',
    licence='Apache-2.0',
    source='epoch_8.pth',
    source_sha256='0' * 64,
)


@pytest.mark.parametrize('card', [CARD, ModelCard(), ModelCard(classes=('a',))])
def test_a_card_comes_back_from_metadata(card):
    metadata = card_to_metadata(card, dict(epoch=8, note='tried'))
    assert all(isinstance(text, str) for text in metadata.values())
    meta = meta_from_metadata(metadata, 'a.safetensors')
    assert card_from(meta['card'], 'it') == card
    assert (meta['epoch'], meta['note']) == (8, 'tried')
    assert meta.get('classes', []) == list(card.classes)


def test_metadata_can_be_read_by_others():
    metadata = card_to_metadata(CARD, {})
    assert metadata['format'] == 'pt'
    assert metadata['licence'] == 'Apache-2.0'
    assert json.loads(metadata['classes']) == list(CARD.classes)


@pytest.mark.parametrize('metadata', [None, {}, {'format': 'pt'}, {'card': 'another 3'}])
def test_files_without_a_card(metadata):
    assert meta_from_metadata(metadata, 'it') is None


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(classes='[1, 2]'), 'it: the classes of the model card are no list of names'),
        (dict(classes='"person"'), 'are no list of names'),
        (dict(classes='['), 'it: classes is not JSON'),
        (dict(classes='[' * 100_000), 'nested too deeply'),
        (dict(meta='[1]'), 'its meta is a list'),
        (dict(meta='{"a": 1, "a": 2}'), 'is there twice'),
    ],
)
def test_a_damaged_card_is_refused(change, message):
    with pytest.raises(DataFileError, match=message):
        meta_from_metadata({**card_to_metadata(CARD, {}), **change}, 'it')


@pytest.mark.parametrize(
    ('entries', 'message'),
    [
        ([], 'a list, no dictionary'),
        (dict(licence=3), 'the licence of the model card is no text'),
        (dict(classes=[1]), 'no list of names'),
    ],
)
def test_entries_of_other_kinds_are_refused(entries, message):
    with pytest.raises(DataFileError, match=message):
        card_from(entries, 'it')


def test_entries_in_a_line():
    assert entry_line('config', 'a\nb\n') == '2 lines'
    assert entry_line('classes', ['a', 'b']) == 'a, b'
    assert entry_line('data', 'own') == 'own'
