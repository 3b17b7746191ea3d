"""The command that times the degradation."""

import json

import cv2
import pytest

from vsd_mot.commands.benchmark_degradation import main


def test_the_command_reports_both_times(capsys):
    threads = cv2.getNumThreads()
    main(['--size', '96', '64', '--videos', '5', '--cores', '1'])
    cv2.setNumThreads(threads)
    text, line = capsys.readouterr().out.strip().splitlines()
    result = json.loads(line)
    assert result['size'] == [96, 64]
    assert result['reference_seconds'] > 0
    assert result['speedup'] == pytest.approx(
        result['reference_seconds'] / result['ours_seconds'], rel=0.2
    )
    assert 'times as fast' in text
