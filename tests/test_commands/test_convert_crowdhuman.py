"""The command that converts CrowdHuman."""

import re

import pytest

from converter_samples import crowdhuman
from vsd_mot.commands.convert_crowdhuman import main


def test_command_line(tmp_path, capsys):
    crowdhuman(tmp_path / 'ch', [dict(ID='x', gtboxes=[])], place='p')
    assert main([str(tmp_path / 'ch'), '--subsets', 'val', '--images', 'val=p']) == 0
    assert 'val: 1 images, 0 people' in capsys.readouterr().out


def test_missing_annotations_are_one_line(tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    assert re.search('crowdhuman2coco: there is no .*odgt', capsys.readouterr().err)


def test_image_folders_are_of_the_subsets(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main([str(tmp_path), '--images', 'test=x'])
    assert stop.value.code == 2
    assert '--images: test is none of the subsets' in capsys.readouterr().err
