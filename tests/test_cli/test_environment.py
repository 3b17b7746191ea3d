"""What `vsd-mot env` says."""

import importlib.metadata

import pytest

from vsd_mot_cli import environment, main


def test_versions_and_gpus_are_listed(capsys):
    assert main(['env']) == 0
    printed = capsys.readouterr().out
    for name in ('Python', 'torch', 'mmtrack', 'vsd_mot'):
        assert any(line.split()[0] == name for line in printed.splitlines())
    assert 'GPU' in printed or 'cuda:0' in printed


def test_a_missing_extra_comes_with_its_line(monkeypatch: pytest.MonkeyPatch):
    class Metadata:
        def get_all(self, _):
            return ['numpy>=2', "optuna; extra == 'tune'", 'no-such-package>=1 ; extra == "app"']

    monkeypatch.setattr(environment, 'metadata', lambda _: Metadata())
    assert environment.extras() == dict(tune=['optuna'], app=['no-such-package'])
    described = environment.describe_environment()
    assert "lacks no-such-package: pip install 'vsd_mot[app]'" in described


def test_what_is_not_installed_at_all(monkeypatch: pytest.MonkeyPatch):
    def missing(_):
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(environment, 'metadata', missing)
    assert environment.extras() == {}
