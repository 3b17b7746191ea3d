"""The command `vsd_mot.commands.convert_proposals` as a script: see its `--help`."""

import sys

from vsd_mot.commands.convert_proposals import main

if __name__ == '__main__':
    sys.exit(main())
