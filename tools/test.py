"""The command `vsd_mot.commands.test` as a script: see its `--help`."""

import sys

from vsd_mot.commands.test import main

if __name__ == '__main__':
    sys.exit(main())
