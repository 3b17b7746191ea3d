"""What comes with the package is there."""

import pytest

from vsd_mot.apis.shipped import REAL_PEOPLE, SYNTHETIC, ShippedModel, demo_clip
from vsd_mot.errors import ConfigError


@pytest.mark.parametrize('model', [REAL_PEOPLE, SYNTHETIC])
def test_config_and_weights_are_there(model: ShippedModel) -> None:
    config, checkpoint = model.files()
    assert config.suffix == '.py'
    assert checkpoint.stat().st_size > 1 << 20


def test_the_clip_has_its_ground_truth_beside_it() -> None:
    assert (demo_clip().parent / 'gt/gt.txt').is_file()


def test_what_did_not_come_is_named() -> None:
    with pytest.raises(ConfigError, match=r'configs/none.py did not come with this installation'):
        ShippedModel('configs/none.py', 'demo/none.pth').files()
