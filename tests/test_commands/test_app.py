"""The command that serves the app."""

import os
import signal
import sys
import tempfile
import threading
import time

import pytest
import requests

from app_samples import free_port
from bright_box_tracker import write_config
from vsd_mot.commands.app import is_this_machine, main


def test_it_serves_until_it_is_stopped(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))
    port, pages = free_port(), []

    def visit_and_stop() -> None:
        end = time.monotonic() + 60
        while not pages and time.monotonic() < end:
            try:
                pages.append(requests.get(f'http://127.0.0.1:{port}/config', timeout=5).text)
            except requests.ConnectionError:
                time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)

    visitor = threading.Thread(target=visit_and_stop)
    visitor.start()
    config = str(write_config(tmp_path))
    main([config, '--device', 'cpu', '--port', str(port), '--max-megabytes', '7'])
    visitor.join()
    assert 'own: bright_boxes' in pages[0]
    assert 'up to 7 MB' in pages[0]
    said = capsys.readouterr()
    assert said.out.endswith('uploads and results are removed\n')
    assert said.err == ''
    assert os.listdir(tmp_path) == ['bright_boxes.py']


@pytest.mark.parametrize(
    ('arguments', 'reason'),
    [
        (['--max-frames', '0'], "argument --max-frames: '0' is not"),
        (['--max-megabytes', '-1'], "argument --max-megabytes: '-1' is not"),
        (['--port', '70000'], "argument --port: '70000' is not a whole number from 1 to 65535"),
        (['--cfg-option', 'a=1'], 'are for a CONFIG of your own'),
    ],
)
def test_options_that_cannot_be(arguments, reason, capsys) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert reason in capsys.readouterr().err


def test_a_missing_gradio_is_one_line(monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, 'gradio', None)
    assert main([]) == 1
    said = capsys.readouterr().err.strip()
    assert "needs the package gradio: pip install 'vsd_mot[app]'" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ('host', 'alone'),
    [
        ('127.0.0.1', True),
        ('::1', True),
        ('localhost', True),
        ('0.0.0.0', False),
        ('192.168.1.5', False),
        ('example.com', False),
    ],
)
def test_who_can_reach_an_address(host, alone) -> None:
    assert is_this_machine(host) is alone
