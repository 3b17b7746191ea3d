"""The command that measures proposals."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

from vsd_mot.datasets.proposals import write_proposals


def call(command, *args):
    """Run a command in this process; its exit code."""
    return importlib.import_module(f'vsd_mot.commands.{command}').main([*map(str, args)])


@pytest.mark.parametrize(
    ('files', 'message'),
    [
        (('nowhere', 'a.json'), 'there is no proposal file nowhere'),
        (('text', 'a.json'), 'text is not a proposal file'),
        (('p', 'nowhere.json'), 'nowhere.json does not exist'),
        (('p', 'text'), 'text is not JSON'),
        (('p', 'a.json'), '1 of 1 frames of a.json are not in the proposal file p'),
        (
            ('p', 'b.json'),
            "b.json must be a JSON object (a dictionary) with 'annotations', 'categories'",
        ),
    ],
)
def test_mistakes_in_measuring_are_one_line(tmp_path, monkeypatch, capsys, files, message):
    monkeypatch.chdir(tmp_path)
    Path('text').write_text('something else')
    Path('a.json').write_text(json.dumps(dict(images=[dict(id=1, file_name='b/1.jpg')])))
    Path('b.json').write_text(json.dumps(dict(images=[dict(id=1, file_name='a/1.jpg')])))
    write_proposals('p', [('a/1.jpg', (64, 64), np.zeros((0, 4)), np.zeros(0))])
    assert call('proposal_recall', *files) == 1
    assert f'proposal_recall: {message}' in capsys.readouterr().err
