"""TorchScript archives give their weights, and their programs stay unread."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from vsd_mot.engine.torchscript_weights import is_torchscript, torchscript_weights


class Tower(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
        self.projection = nn.Parameter(torch.randn(6, 4).t())
        self.register_buffer('positions', torch.arange(6).reshape(2, 3)[:, 1:])
        self.sizes = [1, 2]

    def forward(self, images: Tensor) -> Tensor:
        return self.stem(images).mean((2, 3)) @ self.projection


def test_the_same_weights_as_by_running_it(tmp_path: Path) -> None:
    torch.manual_seed(0)
    for name, module in (
        ('scripted', torch.jit.script(Tower())),
        ('traced', torch.jit.trace(Tower().half().float(), torch.zeros(1, 3, 8, 8))),
        ('half', torch.jit.script(Tower().half())),
    ):
        path = tmp_path / f'{name}.pt'
        module.save(str(path))
        assert is_torchscript(path)
        expected = dict(torch.jit.load(str(path)).state_dict())
        weights = torchscript_weights(path)
        assert weights.keys() == expected.keys()
        for key, value in expected.items():
            torch.testing.assert_close(weights[key], value, rtol=0, atol=0)


class Trap(nn.Module):
    """Says so when it is loaded by running it."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight

    @torch.jit.export
    def __getstate__(self) -> tuple[Tensor, bool]:
        return self.weight, self.training

    @torch.jit.export
    def __setstate__(self, state: tuple[Tensor, bool]) -> None:
        print('the trap was sprung')
        self.weight = state[0]
        self.training = state[1]


def test_nothing_of_it_runs(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    path = tmp_path / 'trap.pt'
    torch.jit.script(Trap()).save(str(path))
    assert torchscript_weights(path) == {}
    assert 'sprung' not in capfd.readouterr().out
    torch.jit.load(str(path))
    assert 'sprung' in capfd.readouterr().out  # the trap would have worked


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / 'cut.pt'
    torch.jit.script(Tower()).save(str(path))
    content = bytearray(path.read_bytes())
    start = content.index(b'data.pkl') + 40
    content[start : start + 200] = bytes(200)
    path.write_bytes(content)
    with pytest.raises(RuntimeError, match=r'cut\.pt: cannot be read as a TorchScript archive'):
        torchscript_weights(path)
    torch.save({}, tmp_path / 'plain.pth')
    assert not is_torchscript(tmp_path / 'plain.pth')
