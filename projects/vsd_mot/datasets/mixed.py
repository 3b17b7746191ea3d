"""Several data sets in a given proportion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from mmengine.dataset import BaseDataset, ConcatDataset, force_full_init
from mmtrack.registry import DATASETS


@DATASETS.register_module()
class MixedClipDataset(ConcatDataset):
    """Concatenated data sets of which each gives a fixed share of an epoch.

    Low to high quality 2:1 is ``MixedClipDataset(datasets=[low, high], ratio=[2, 1])``. The sources
    alternate in index order, and each source's share of the epoch is spread over all its frames: a
    source that has fewer frames than its share is repeated, from one that has more a random frame
    of each stretch is taken, another one every epoch.

    MMTracking's ``RandomSampleConcatDataset`` draws with replacement and ignores the sampler's
    index, so that distributed ranks do not share an epoch among them; this one keeps the index.

    Args:
        datasets: The sources, or their configs.
        ratio: Parts of the sources; raising one shows its frames more often. Defaults to their
            lengths, which is plain concatenation.
        length: Samples in an epoch. Defaults to the sum of the sources' lengths.
        lazy_init: As of :class:`mmengine.dataset.ConcatDataset`.
        ignore_keys: As there: metainfo keys that may differ.

    Raises:
        ValueError: If the ratio does not fit the sources.
    """

    def __init__(
        self,
        datasets: Sequence[BaseDataset | dict],
        *,
        ratio: Sequence[float] | None = None,
        length: int | None = None,
        lazy_init: bool = False,
        ignore_keys: list[str] | str | None = None,
    ) -> None:
        if ratio is not None and (len(ratio) != len(datasets) or min(ratio) < 0 or sum(ratio) <= 0):
            raise ValueError(
                f'ratio {list(ratio)} does not fit {len(datasets)} data sets: one number >= 0 for '
                'each is needed, and one of them above 0'
            )
        self.ratio = ratio
        self.length = length
        super().__init__(datasets, lazy_init=lazy_init, ignore_keys=ignore_keys)

    def full_init(self) -> None:
        """Initialise the sources, then lay out the epoch."""
        if self._fully_initialized:
            return
        super().full_init()
        lengths = [len(dataset) for dataset in self.datasets]
        parts = np.asarray(lengths if self.ratio is None else self.ratio, dtype=float)
        total = sum(lengths) if self.length is None else self.length
        # Largest remainders: whole numbers that sum up to the epoch's length.
        exact = parts / parts.sum() * total
        counts = np.floor(exact).astype(int)
        for source in np.argsort(counts - exact, kind='stable')[: total - counts.sum()]:
            counts[source] += 1
        for source, (count, available) in enumerate(zip(counts, lengths)):
            if count and not available:
                raise ValueError(f'data set {source} of the mix is empty')
        # Sample k of a source with n samples stands at (k + 1/2) / n of the epoch.
        sources = np.repeat(np.arange(len(counts)), counts)
        numbers = np.concatenate([np.arange(count) for count in counts])
        order = np.argsort((numbers + 0.5) / counts[sources], kind='stable')
        self._sources, self._numbers, self._counts = sources[order], numbers[order], counts

    @force_full_init
    def source_of(self, idx: int) -> int:
        """Return number of the data set that sample ``idx`` comes from."""
        return int(self._sources[idx])

    @force_full_init
    def __len__(self) -> int:
        """Return the number of samples in an epoch."""
        return len(self._sources)

    def _get_ori_dataset_idx(self, idx: int) -> tuple[int, int]:
        source, number = self.source_of(idx), int(self._numbers[idx])
        available, count = len(self.datasets[source]), int(self._counts[source])
        if count >= available:
            return source, number % available
        start, stop = number * available // count, (number + 1) * available // count
        return source, int(np.random.randint(start, stop))
