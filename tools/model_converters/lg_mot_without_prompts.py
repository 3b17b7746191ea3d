"""The command `vsd_mot.commands.convert_weights` for lg_mot_without_prompts: see its `--help`."""

import sys

from vsd_mot.commands.convert_weights import main

if __name__ == '__main__':
    sys.exit(main(['lg_mot_without_prompts', *sys.argv[1:]]))
