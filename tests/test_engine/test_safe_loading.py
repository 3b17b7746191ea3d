"""A checkpoint is data: nothing that somebody put into the file is run."""

import functools
import os
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import load_checkpoint
from mmengine.runner.checkpoint import _load_checkpoint
from torch import nn

from vsd_mot.engine.safe_loading import check_weights, load_weights


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple:
        return os.mkdir, (self.path,)


class Attribute:
    """Unpickles to an attribute of something."""

    def __init__(self, owner: type, name: str) -> None:
        self.what = (owner, name)

    def __reduce__(self) -> tuple:
        return getattr, self.what


def test_hidden_code_is_not_run(tmp_path: Path) -> None:
    path, proof = tmp_path / 'trap.pth', tmp_path / 'proof'
    model = nn.Linear(1, 1)
    torch.save({'state_dict': model.state_dict(), 'trap': Trap(proof)}, path)
    # The trap works, and works against the host's fallback.
    torch.load(path, weights_only=False)
    proof.rmdir()

    for load in (
        load_weights,
        check_weights,
        _load_checkpoint,
        functools.partial(load_checkpoint, model),
    ):
        with pytest.raises(RuntimeError, match=r'trap\.pth: .*could run code(.|\n)*mkdir'):
            load(str(path))
        assert not proof.exists()


@pytest.mark.parametrize(
    ('owner', 'name'), [(np.ndarray, 'tofile'), (HistoryBuffer, '__init__'), (np.dtype, 'str')]
)
def test_attributes_of_allowed_types_are_refused(tmp_path: Path, owner: type, name: str) -> None:
    path = tmp_path / 'attribute.pth'
    torch.save({'x': Attribute(owner, name)}, path)
    with pytest.raises(RuntimeError, match=f'was not loaded.*attribute {name!r}'):
        load_weights(path)


def test_what_trainings_save_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / 'epoch_1.pth'
    history = HistoryBuffer([1.0, 3.0], [1, 1])
    numbers = [np.float32(1.5), np.int64(3), np.bool_(True), np.arange(3, dtype=np.uint8)]
    torch.save({'history': history, 'numbers': numbers, 'slice': slice(1, 2)}, path)
    loaded = _load_checkpoint(str(path))
    assert loaded['history'].mean() == 2
    assert loaded['slice'] == slice(1, 2)
    assert [type(number) for number in loaded['numbers']] == [type(number) for number in numbers]
    np.testing.assert_array_equal(loaded['numbers'][3], numbers[3])


def test_checkpoint_written_with_numpy_1_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / 'old.pth'
    torch.save({'number': np.float64(2.5)}, path, _use_new_zipfile_serialization=False)
    content = path.read_bytes()
    assert b'numpy._core.multiarray' in content
    path.write_bytes(content.replace(b'numpy._core.multiarray', b'numpy.core.multiarray'))
    assert load_weights(path) == {'number': 2.5}


@pytest.mark.parametrize('size', [0, 500])
def test_cut_off_file_is_named(tmp_path: Path, size: int) -> None:
    path = tmp_path / 'cut.pth'
    torch.save({'weight': torch.zeros(100)}, path)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(RuntimeError, match=r'cut\.pth: .*(cut off|is empty)'):
        load_weights(path)
    with pytest.raises(RuntimeError, match=r'cut\.pth: .*(cut off|is empty)'):
        check_weights(path)
    path.write_text('hello world')
    with pytest.raises(RuntimeError, match=r'cut\.pth: cannot be read as a checkpoint'):
        load_weights(path)


def bytes_read() -> int:
    """Bytes that this process has read by system calls (Linux)."""
    return int(Path('/proc/self/io').read_text().split()[1])


def test_check_reads_the_list_of_tensors_alone(tmp_path: Path) -> None:
    path = tmp_path / 'large.pth'
    torch.save({'state_dict': {'weight': torch.ones(500_000)}, 'epoch': np.int64(3)}, path)
    before = bytes_read()
    check_weights(path)
    assert bytes_read() - before < path.stat().st_size / 10


def test_check_of_the_format_before_torch_1_6(tmp_path: Path) -> None:
    path = tmp_path / 'legacy.pth'
    torch.save({'weight': torch.ones(3)}, path, _use_new_zipfile_serialization=False)
    check_weights(path)
    torch.save({'trap': Trap(tmp_path / 'proof')}, path, _use_new_zipfile_serialization=False)
    with pytest.raises(RuntimeError, match='could run code'):
        check_weights(path)
    assert not (tmp_path / 'proof').exists()


def test_downloads_are_data_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = tmp_path / 'served'
    served.mkdir()
    torch.save({'weight': torch.ones(2)}, served / 'good.pth')
    torch.save({'trap': Trap(tmp_path / 'proof')}, served / 'bad.pth')
    monkeypatch.setenv('TORCH_HOME', str(tmp_path / 'cache'))
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(served))
    with ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f'http://127.0.0.1:{server.server_port}'
        assert _load_checkpoint(f'{address}/good.pth')['weight'].tolist() == [1, 1]
        with pytest.raises(RuntimeError, match='could run code'):
            _load_checkpoint(f'{address}/bad.pth')
        server.shutdown()
    assert not (tmp_path / 'proof').exists()
    # The second time it comes from the cache: the server is gone.
    assert _load_checkpoint(f'{address}/good.pth')['weight'].tolist() == [1, 1]
