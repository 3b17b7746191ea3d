"""Browser tabs do not mix, and leave nothing behind."""

import os

import pytest

from vsd_mot.app.tabs import Tabs


@pytest.fixture
def tabs(tmp_path):
    return Tabs(tmp_path)


def test_each_tab_has_a_folder_of_its_own(tabs) -> None:
    tabs.ready('a')
    tabs.ready('b')
    with tabs.run('a') as first, tabs.run('b') as second:
        assert first.folder != second.folder
        (first.folder / 'x').write_text('of a')
        assert os.listdir(second.folder) == []


def test_a_run_begins_with_an_empty_folder(tabs) -> None:
    tabs.ready('a')
    with tabs.run('a') as tab:
        (tab.folder / 'x').write_text('')
    with tabs.run('a') as tab:
        assert os.listdir(tab.folder) == []


def test_stopping_is_for_one_tab_and_one_run(tabs) -> None:
    tabs.ready('a')
    tabs.ready('b')
    tabs.stop('a')
    tabs.stop('unknown')
    with tabs.run('a') as first, tabs.run('b') as second:
        assert first.stop.is_set()  # it was stopped while it waited
        assert not second.stop.is_set()
    tabs.ready('a')
    with tabs.run('a') as tab:
        assert not tab.stop.is_set()


def test_a_closed_tab_is_removed(tabs, tmp_path) -> None:
    tabs.ready('a')
    with tabs.run('a') as tab:
        (tab.folder / 'x').write_text('')
    tabs.close('a')
    assert os.listdir(tmp_path) == []
    tabs.close('a')


def test_a_tab_that_is_closed_while_it_runs_is_removed_afterwards(tabs, tmp_path) -> None:
    tabs.ready('a')
    with tabs.run('a') as tab:
        tabs.close('a')
        assert tab.stop.is_set()
        (tab.folder / 'x').write_text('still writing')
    assert os.listdir(tmp_path) == []


def test_who_has_not_asked_or_is_gone_runs_nothing(tabs, tmp_path) -> None:
    with pytest.raises(KeyError), tabs.run('a'):
        pass
    assert os.listdir(tmp_path) == []
