"""Import what the hosts hardly ever use when it is used, not when they are imported.

Importing MMTracking imports seaborn, pandas, pyplot, scikit-learn's mixtures and motmetrics, for a
plot, two detection heads and a metric. CLIP's collection is needed by some models, and curves are
drawn at the end, if at all. Together they take much of the time in which a tracker starts. timm is
not among them: who imports ``timm.models`` before anything of ``timm`` itself would run into the
circle between the two. Python's own :class:`importlib.util.LazyLoader` does not help:
``inspect.getmodule``, which PyTorch calls, asks every module for its ``__file__``, and that makes
it load them all.
"""

from __future__ import annotations

import importlib.abc
import sys
import threading
import types
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any

LATE = (
    'matplotlib.axes',
    'matplotlib.backends.backend_agg',
    'matplotlib.collections',
    'matplotlib.figure',
    'matplotlib.pyplot',
    'motmetrics',
    'open_clip',
    'pandas',
    'seaborn',
    'sklearn.mixture',
)

# A part of these breaks when it is imported before the whole, as `from pandas.io import sql` does.
WHOLE_FIRST = ('pandas',)

_loading = threading.RLock()


class LateModule(types.ModuleType):
    """A module that is executed when something of it is wanted that the import system has not set.

    Its ``__file__``, ``__path__`` and the like, and submodules that were imported by themselves,
    are there without.
    """

    def __getattr__(self, name: str) -> Any:
        """Execute the module and return what it has by a name."""
        if name.startswith('__') and name.endswith('__') and name not in ('__all__', '__version__'):
            raise AttributeError(name)
        with _loading:
            if type(self) is LateModule:
                loader = self.__dict__['__late_loader__']
                # First, so that what it imports in a circle sees an ordinary module.
                self.__class__ = types.ModuleType  # type: ignore[assignment]
                loader.exec_module(self)
        return getattr(self, name)


class LateLoader(importlib.abc.Loader):
    """Makes a module and leaves its execution for later.

    Args:
        loader: The one that executes it.
    """

    def __init__(self, loader: importlib.abc.Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> types.ModuleType | None:
        """Make the module."""
        return self.loader.create_module(spec)

    def exec_module(self, module: types.ModuleType) -> None:
        """Note what will execute it."""
        if module.__spec__ is not None:
            module.__spec__.loader = self.loader
        module.__loader__ = self.loader
        module.__dict__['__late_loader__'] = self.loader
        module.__class__ = LateModule


class LoadedLoader(importlib.abc.Loader):
    """Stands for a module that the execution of its package has imported already.

    Args:
        module: That one.
    """

    def __init__(self, module: types.ModuleType) -> None:
        self.module, self.spec = module, module.__spec__

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """Return the module."""
        return self.module

    def exec_module(self, module: types.ModuleType) -> None:
        """Leave it as it is."""
        module.__spec__ = self.spec


class LateFinder(importlib.abc.MetaPathFinder):
    """Finds the modules of a list as Python does, and gives them a `LateLoader`.

    Args:
        names: Of the modules.
        whole_first: Those that are executed before one of their parts is imported.
    """

    def __init__(self, names: Sequence[str], whole_first: Sequence[str] = WHOLE_FIRST) -> None:
        self.names = frozenset(names)
        self.whole_first = frozenset(whole_first)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Find one of the modules; None leaves it to the other finders."""
        package = fullname.partition('.')[0]
        if package in self.whole_first and package != fullname:
            return self._find_part(fullname, sys.modules[package])
        if fullname not in self.names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LateLoader(spec.loader)
        return spec

    def _find_part(self, fullname: str, package: types.ModuleType) -> ModuleSpec | None:
        if type(package) is not LateModule:
            return None
        getattr(package, '__version__', None)  # executes it
        if fullname not in sys.modules:
            return None
        return ModuleSpec(fullname, LoadedLoader(sys.modules[fullname]))


def import_late(names: Sequence[str] = LATE) -> None:
    """Let modules that are not imported yet be executed when they are used.

    Args:
        names: Of the modules. One that is not installed is an error where it is imported, as ever.
    """
    if not any(isinstance(finder, LateFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, LateFinder(names))


import_late()
