"""The command `vsd_mot.commands.benchmark_graphs` as a script: see its `--help`."""

import sys

from vsd_mot.commands.benchmark_graphs import main

if __name__ == '__main__':
    sys.exit(main())
