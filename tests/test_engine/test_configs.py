"""Finding and reading configs, and the frame pipeline in them."""

import copy

import pytest
from mmengine.config import Config

from vsd_mot.engine.configs import (
    class_names,
    find_config,
    frame_pipeline,
    read_config,
    shipped_configs,
    stored_class_names,
    unformatted,
)
from vsd_mot.errors import ConfigError

PIPELINE = [
    dict(type='LoadFrame'),
    dict(type='LoadTrackAnnotations', with_instance_id=True),
    dict(type='ShortSideResize', scale=(128, 96)),
    dict(type='PackClipInputs'),
]


def test_configs_and_their_mistakes(tmp_path):
    with pytest.raises(ConfigError, match='there is no config motrv2_nonsense'):
        find_config('motrv2_nonsense')
    (tmp_path / 'broken.py').write_text('model = dict(')
    with pytest.raises(ConfigError, match=r'broken\.py is not a valid config'):
        read_config(tmp_path / 'broken.py')
    (tmp_path / 'empty.py').write_text('a = 1')
    with pytest.raises(ConfigError, match='has no `model`'):
        read_config(tmp_path / 'empty.py')
    with pytest.raises(ConfigError, match=r'no test_dataloader\.dataset\.pipeline'):
        frame_pipeline(Config(dict(model=dict())))


def test_an_unformatted_config_is_the_same_without_the_formatter(monkeypatch):
    config = read_config('motrv2_tiny_2xb1-5e_synthetic_test-synthetic')
    formatted = config.pretty_text
    plain = unformatted(config)
    assert plain.to_dict() == config.to_dict()
    assert (plain.text, plain.filename) == (config.text, config.filename)

    def refuse(*args, **kwargs):
        raise AssertionError('it is formatted')

    monkeypatch.setattr('yapf.yapflib.yapf_api.FormatCode', refuse)
    text = copy.deepcopy(plain).pretty_text  # a runner works on a copy
    monkeypatch.undo()
    assert text != formatted
    assert Config.fromstring(text, '.py').to_dict() == config.to_dict()
    assert config.pretty_text == formatted


def test_shipped_configs_are_found_by_name():
    shipped = shipped_configs()
    for name, path in shipped.items():
        assert find_config(name) == path
        assert find_config(f'{name}.py') == path
    assert not any('_base_' in name for name in shipped)


def test_pipeline_of_wrapped_datasets():
    inner = dict(pipeline=PIPELINE)
    for dataset in (inner, dict(dataset=inner), dict(datasets=[inner, inner])):
        steps = frame_pipeline(Config(dict(test_dataloader=dict(dataset=dataset))))
        assert [step['type'] for step in steps] == ['ShortSideResize', 'PackClipInputs']


@pytest.mark.parametrize(
    ('meta', 'names'),
    [
        (dict(dataset_meta=dict(CLASSES=('a', 'b')), classes=['c']), ('a', 'b')),
        (dict(classes=['c']), ('c',)),
        (dict(classes='c'), ('c',)),
        (dict(dataset_meta=['a']), ()),
        ({}, ()),
    ],
)
def test_names_of_classes(meta, names):
    assert stored_class_names(meta) == names
    config = Config(dict(test_dataloader=dict(dataset=dict(metainfo=dict(classes=('d',))))))
    assert class_names(config, meta) == (names or ('d',))
    assert class_names(Config(), meta) == (names or ('pedestrian',))
