"""The command `vsd_mot.commands.proposal_recall` as a script: see its `--help`."""

import sys

from vsd_mot.commands.proposal_recall import main

if __name__ == '__main__':
    sys.exit(main())
