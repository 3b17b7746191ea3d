"""Graphs that the tests of this folder read. Do not write into them."""

from pathlib import Path

import pytest

from clip_samples import add_small_clips
from graph_samples import VSE_SEMANTICS, small_tracker, write_graphs
from vsd_mot.models.query_tracking import MOTRv2


@pytest.fixture(scope='session')
def tracker() -> MOTRv2:
    return small_tracker()


@pytest.fixture(scope='session')
def vse_tracker(tmp_path_factory: pytest.TempPathFactory) -> MOTRv2:
    add_small_clips(tmp_path_factory.mktemp('open_clip'))
    return small_tracker(semantics=VSE_SEMANTICS)


@pytest.fixture(scope='session')
def vse_graphs(vse_tracker: MOTRv2, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('export') / 'vse_graphs'
    write_graphs(folder, vse_tracker)
    return folder


@pytest.fixture(scope='session')
def graphs(tracker: MOTRv2, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('export') / 'graphs'
    write_graphs(folder, tracker)
    return folder
