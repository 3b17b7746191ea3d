"""Settings and JSON are data. A further way to hide a program in a file is one more row."""

import pytest

from hostile_files import SETTINGS, write
from vsd_mot.data_files import read_json, read_settings
from vsd_mot.engine.configs import load_config
from vsd_mot.errors import ConfigError, DataFileError

pytestmark = pytest.mark.usefixtures('no_code_runs')


@pytest.mark.parametrize('name', SETTINGS)
def test_settings_are_data(tmp_path, name):
    content, message = SETTINGS[name]
    path = write(tmp_path / name, content)
    with pytest.raises(DataFileError, match=rf'{name}.*({message})'):
        read_settings(path)
    with pytest.raises(ConfigError, match=rf'{name}.*({message})'):
        load_config(path)


def test_json_names_its_file(tmp_path):
    for text in ('{"a"', '[' * 100_000, '{"a": 1, "a": 2}'):
        with pytest.raises(DataFileError, match=r'results\.json'):
            read_json(write(tmp_path / 'results.json', text))
    assert read_json(write(tmp_path / 'results.json', '\ufeff{"a": 1}')) == {'a': 1}
