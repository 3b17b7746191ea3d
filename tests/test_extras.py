"""A package that is not installed is named with the line that installs it."""

import json

import pytest

from vsd_mot.errors import TrackingError
from vsd_mot.extras import needed


def test_what_is_installed_is_imported() -> None:
    assert needed('json', extra='tune', by='this test') is json


def test_what_is_missing_comes_with_its_line() -> None:
    with pytest.raises(TrackingError) as error:
        needed('no_such_package.part', extra='app', by='`vsd-mot app`')
    said = str(error.value)
    assert "`vsd-mot app` needs the package no_such_package: pip install 'vsd_mot[app]'" in said
    assert isinstance(error.value, ImportError)
