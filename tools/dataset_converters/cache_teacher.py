"""The command `vsd_mot.commands.cache_teacher` as a script: see its `--help`."""

import sys

from vsd_mot.commands.cache_teacher import main

if __name__ == '__main__':
    sys.exit(main())
