"""Graphs that the tests of this folder read. Do not write into them."""

from pathlib import Path

import pytest

from graph_samples import small_tracker, write_graphs
from vsd_mot.models.query_tracking import MOTRv2


@pytest.fixture(scope='session')
def tracker() -> MOTRv2:
    return small_tracker()


@pytest.fixture(scope='session')
def graphs(tracker: MOTRv2, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('export') / 'graphs'
    write_graphs(folder, tracker)
    return folder
