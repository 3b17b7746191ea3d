"""The table of published weights, as it is printed."""

import subprocess
import sys

from vsd_mot.engine.weight_files.catalogue import catalogue
from vsd_mot_cli import main


def test_all_are_listed_with_every_fact(capsys):
    assert main(['weights', 'list']) == 0
    listed = capsys.readouterr().out
    blocks = listed.split('\n\n')
    assert len(blocks) == len(catalogue())
    for block, entry in zip(blocks, catalogue().values(), strict=True):
        name, *facts = block.splitlines()
        assert name == entry.name
        words = [fact.split()[0] for fact in facts]
        assert words[:8] == ['for', 'file', 'page', 'licence', 'size', 'sha256', 'get', 'facts']
        for fact in (entry.use, entry.file, entry.page, entry.by_hand or 'weights fetch'):
            assert fact in block
        assert ('unknown' in block) == (None in (entry.licence, entry.size, entry.sha256))
        assert 'None' not in block
    assert '256 MB (255827503 bytes)' in listed


def test_pytorch_is_not_waited_for():
    code = (
        'import sys, vsd_mot_cli\n'
        'assert vsd_mot_cli.main(["weights", "list"]) == 0\n'
        'print("torch" in sys.modules)\n'
    )
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == 'False'


def test_some_are_asked_for(capsys):
    assert main(['weights', 'list', 'CLIP']) == 0
    assert 'clip-rn50' in capsys.readouterr().out.splitlines()
    assert main(['weights', 'list', 'motrv2']) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[0] == 'motrv2-dancetrack'
    assert 'clip-rn50' not in listed
    assert main(['weights', 'list', 'xyzzy']) == 1
    assert "weights list: no weights have 'xyzzy'" in capsys.readouterr().err
