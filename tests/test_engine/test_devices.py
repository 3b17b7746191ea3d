"""Devices by their names."""

import pytest
import torch

from vsd_mot.engine.devices import device_name, use_device
from vsd_mot.errors import ConfigError


def test_without_a_name_a_gpu_where_there_is_one() -> None:
    assert device_name(None) == ('cuda' if torch.cuda.is_available() else 'cpu')
    assert device_name('cpu') == 'cpu'
    use_device(None)
    use_device('auto')


@pytest.mark.parametrize('name', ['gpu', 'cuda:99', 'cuda:x'])
def test_a_device_that_is_not_there(name: str) -> None:
    with pytest.raises(ConfigError, match=f'--device {name}'):
        device_name(name)
