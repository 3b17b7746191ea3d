"""For `python setup.py develop`: the metadata is in setup.cfg.

`mim` finds a package's `.mim` folder beside the package's metadata. An editable install by pip
puts the metadata into site-packages, away from the package; `develop` leaves it in place.
"""

from setuptools import setup

setup()
