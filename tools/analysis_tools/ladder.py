"""The command `vsd_mot.commands.ladder` as a script: see its `--help`."""

import sys

from vsd_mot.commands.ladder import main

if __name__ == '__main__':
    sys.exit(main())
