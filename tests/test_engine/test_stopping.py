"""Ctrl-C and SIGTERM stop a program once, and only while it works."""

import os
import signal

import pytest

from vsd_mot.engine.stopping import StopOnSignal, Stopped


@pytest.mark.parametrize('number', StopOnSignal.SIGNALS)
def test_a_signal_stops_and_the_old_handlers_come_back(number):
    before = signal.getsignal(number)
    with pytest.raises(Stopped) as stopped, StopOnSignal():
        os.kill(os.getpid(), number)
    assert stopped.value.number == number
    assert not isinstance(stopped.value, Exception)  # no `except Exception` on the way takes it
    assert signal.getsignal(number) is before


def test_a_second_signal_kills():
    with StopOnSignal():
        with pytest.raises(Stopped):
            os.kill(os.getpid(), signal.SIGTERM)
        assert all(signal.getsignal(n) is signal.SIG_DFL for n in StopOnSignal.SIGNALS)


def test_while_files_are_completed_the_first_signal_is_passed_over():
    with StopOnSignal() as stop:
        stop.closing = True
        os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
