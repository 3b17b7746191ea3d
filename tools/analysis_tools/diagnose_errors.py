"""The command `vsd_mot.commands.diagnose_errors` as a script: see its `--help`."""

import sys

from vsd_mot.commands.diagnose_errors import main

if __name__ == '__main__':
    sys.exit(main())
