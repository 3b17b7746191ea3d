"""The command `vsd_mot.commands.appearance` as a script: see its `--help`."""

import sys

from vsd_mot.commands.appearance import main

if __name__ == '__main__':
    sys.exit(main())
