"""Space that is kept back on the disk."""

import os

from vsd_mot.apis.disk_reserve import DiskReserve


def test_reserve_takes_space_and_gives_it_back(tmp_path):
    reserve = DiskReserve(tmp_path / 'r', size=1 << 20)
    assert (tmp_path / 'r').stat().st_blocks * 512 >= 1 << 20
    reserve.release()
    reserve.release()
    assert os.listdir(tmp_path) == []
