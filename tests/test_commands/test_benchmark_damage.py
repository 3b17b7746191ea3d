"""The command that measures what naming damage gains."""

from pathlib import Path

import pytest

from bright_box_set import write_sequence
from bright_box_tracker import write_config
from vsd_mot.commands import benchmark_damage


def test_the_command_prints_what_naming_gains(tmp_path: Path, capsys) -> None:
    config, sequence = write_config(tmp_path), write_sequence(tmp_path / 'BOXES')
    assert benchmark_damage.main([str(sequence), str(config), '--damages', 'none', 'blank']) == 0
    rows = [
        [cell.strip() for cell in line.strip('|').split('|')]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith(('| none', '| blank'))
    ]
    hota = {(row[0], row[1]): float(row[2]) for row in rows}
    assert hota['none', 'ignored'] == hota['none', 'named'] > 99
    # Where it is named, tracks go on as they moved; else nobody is there.
    assert hota['blank', 'ignored'] + 3 < hota['blank', 'named'] < 99.9


def test_a_cut_needs_two_sequences(capsys) -> None:
    with pytest.raises(SystemExit):
        benchmark_damage.main(['BOXES', '--damages', 'cut'])
    assert '--damages cut needs two sequences' in capsys.readouterr().err
