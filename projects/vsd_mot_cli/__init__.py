"""The command line of VSD-MOT: what it is made of, and nothing that takes long to import.

``import vsd_mot`` registers every part and so imports PyTorch and its hosts, which takes seconds.
``vsd-mot --help``, a mistyped option and the Tab key cannot wait for that: arguments are declared
here, in one module a command, with the standard library alone. The work is in `vsd_mot.commands`.
"""

from .main import main
from .parsing import parser_of
from .running import run

__all__ = ['main', 'parser_of', 'run']
