"""The command `vsd_mot.commands.export` as a script: see its `--help`."""

import sys

from vsd_mot_cli import run

if __name__ == '__main__':
    sys.exit(run('export'))
