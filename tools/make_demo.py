"""The command `vsd_mot.commands.demo` as a script: see its `--help`."""

import sys

from vsd_mot.commands.demo import main

if __name__ == '__main__':
    sys.exit(main())
