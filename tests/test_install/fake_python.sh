#!/bin/sh
# Plays a Python for the Makefile's tests: notes what it is asked to do in $FAKE_LOG.
# $FAKE_VERSION is its version; `pip install` lines with $FAKE_FAILURE in them fail.
case "$*" in
    *version_info*) exec "$REAL_PYTHON" -c "
import sys
sys.version_info = tuple(map(int, '$FAKE_VERSION'.split('.')))
exec(sys.argv[1])" "$2" ;;
    --version) echo "Python $FAKE_VERSION"; exit 0 ;;
    "-c "*) exit 0 ;;
    "-m pip --version") exit 0 ;;
esac
echo "$*" >> "$FAKE_LOG"
case "$*" in
    "-m venv "*)
        mkdir -p .venv/bin
        cp "$0" .venv/bin/python
        echo "VIRTUAL_ENV='$PWD/.venv'" > .venv/bin/activate ;;
    *"${FAKE_FAILURE:-no such thing}"*) exit 1 ;;
esac
