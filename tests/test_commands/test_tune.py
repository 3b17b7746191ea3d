"""The command line of the search; the search itself is in test_evaluation/test_tuning."""

import pytest

from vsd_mot.commands import tune


def test_mistakes_are_one_line(tmp_path, capsys):
    (tmp_path / 'tracker.py').write_text("model = dict(type='ByteTrack')\n")
    (tmp_path / 'space.py').write_text("space = {'model.a': [0.1, 0.2]}\n")
    paths = [str(tmp_path / 'tracker.py'), '--space', str(tmp_path / 'space.py')]
    data = f'{tmp_path}={tmp_path / "gone.proposals"}'
    assert tune.main([*paths, '--data', data, '--out', str(tmp_path / 'tuned.json')]) == 1
    assert 'gone.proposals' in capsys.readouterr().err
    assert not (tmp_path / 'tuned.json').exists()


def test_a_search_needs_its_space_and_data():
    with pytest.raises(SystemExit):
        tune.parse_args(['tracker.py'])
