"""The command `vsd_mot.commands.convert_mot` as a script: see its `--help`."""

import sys

from vsd_mot.commands.convert_mot import main

if __name__ == '__main__':
    sys.exit(main())
