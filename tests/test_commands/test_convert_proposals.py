"""The command that converts proposals."""

import importlib
import json


def call(command, *args):
    """Run a command in this process; its exit code."""
    return importlib.import_module(f'vsd_mot.commands.{command}').main([*map(str, args)])


def test_det_db_from_the_command_line(tmp_path, capsys):
    (tmp_path / 'db.json').write_text(json.dumps({'X/a/img1/1.txt': ['1,2,3,4,0.5\n']}))
    tool = 'convert_proposals'
    assert call(tool, 'from-det-db', tmp_path / 'db.json', tmp_path / 'p', '--strip', 'X/') == 0
    assert '1 frames, 1 proposals' in capsys.readouterr().out
    assert call(tool, 'to-det-db', tmp_path / 'p', tmp_path / 'back.json', '--prefix', 'X/') == 0
    assert list(json.loads((tmp_path / 'back.json').read_text())) == ['X/a/img1/1.txt']
    assert call(tool, 'to-det-db', tmp_path / 'gone', tmp_path / 'back.json') == 1
    assert 'there is no proposal file' in capsys.readouterr().err
