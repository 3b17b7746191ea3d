"""What proposals are made with."""

import json
from pathlib import Path

from vsd_mot.datasets.proposals.identity import portable


def test_identity_of_a_config_is_the_same_on_every_machine():
    here, there = (
        dict(a=(1, None, 0.5), init_cfg=dict(checkpoint=f'/{folder}/x.pth'), cls=Path)
        for folder in ('home/me', 'data')
    )
    assert portable(here) == portable(there)
    assert portable(here) != portable(dict(here, a=(1, None, 0.6)))
    json.dumps(portable(here))
