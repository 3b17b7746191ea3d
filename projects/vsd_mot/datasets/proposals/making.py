"""Making proposals: a detector runs over a data set, in parts that survive a kill."""

from __future__ import annotations

import hashlib
import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import torch
from mmdet.registry import TRANSFORMS
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from mmengine.dist import all_gather_object, barrier, get_dist_info
from mmengine.model import BaseModel
from mmengine.registry import DefaultScope
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm

from ...processes import die_with_parent
from .frame_keys import frame_key
from .store import FrameDetections, ProposalStore, write_proposals


@dataclass(frozen=True)
class UnreadableFrame:
    """A frame that could not be read.

    Attributes:
        name: The frame's key.
        reason: The error's text.
    """

    name: str
    reason: str


@dataclass(frozen=True)
class PreparedFrame:
    """A frame that is ready for the detector.

    Attributes:
        name: The frame's key.
        data: What the detector's pipeline returned.
    """

    name: str
    data: dict


class DetectionFrames(Dataset):
    """Frames of a data set through a detector's test pipeline.

    Args:
        root: Folder that the keys are relative to.
        keys: The frames.
        pipeline: The detector's test pipeline. Steps that load annotations are left
            out, the image is loaded by :class:`LoadFrame`.
    """

    def __init__(self, root: str | Path, keys: Sequence[str], pipeline: list[dict]) -> None:
        self.root = Path(root)
        self.keys = list(keys)
        steps = []
        for step in pipeline:
            name = step['type'].split('.')[-1]
            if name == 'LoadImageFromFile':
                step = dict(step, type='mmtrack.LoadFrame')
            if name not in ('LoadAnnotations', 'LoadTrackAnnotations'):
                steps.append(TRANSFORMS.build(step))
        self.pipeline = Compose(steps)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, index: int) -> PreparedFrame | UnreadableFrame:
        """Prepare a frame."""
        key = frame_key(self.keys[index])
        try:
            data = self.pipeline(dict(img_path=str(self.root / key), img_id=index))
        except (OSError, ValueError) as error:
            return UnreadableFrame(key, str(error))
        return PreparedFrame(key, data)


@dataclass
class MakingReport:
    """What :func:`make_proposals` did.

    Attributes:
        frames: Frames in the proposal file, or done so far where it could not be finished.
        proposals: Proposals of these.
        made: Frames that the detector ran on in this call, on this process.
        broken: Frames that could not be read -> why; of all processes.
    """

    frames: int = 0
    proposals: int = 0
    made: int = 0
    broken: dict[str, str] = field(default_factory=dict)


class _Parts:
    """The folder beside the proposal file that keeps what is done until all is done."""

    def __init__(self, out: Path, meta: dict) -> None:
        self.out, self.folder, self.meta = out, out.with_name(out.name + '.parts'), meta

    def stores(self) -> list[ProposalStore]:
        """Finished parts and, where it is there, the proposal file itself."""
        paths = sorted(self.folder.glob('*.proposals'))
        if self.out.is_file():
            paths.insert(0, self.out)
        stores = [ProposalStore(path) for path in paths]
        for store in stores:
            if store.meta != self.meta:
                raise ValueError(
                    f'{store.path} holds proposals made otherwise ({store.meta}, now: '
                    f'{self.meta}): delete it, or give another output file'
                )
        return stores

    def write(self, rank: int, frames: list[FrameDetections]) -> None:
        """Keep some frames; the name is new in the folder."""
        digest = hashlib.sha256(frames[0].name.encode()).hexdigest()[:12]
        write_proposals(self.folder / f'{rank:03d}-{digest}.proposals', frames, self.meta)

    def merge(self, keys: Sequence[str]) -> ProposalStore:
        """Write the proposal file, in the order of ``keys``, and delete the parts."""
        stores = self.stores()
        store_of = {key: store for store in stores for key in store}
        # Frames of an earlier, larger set stay.
        order = list(dict.fromkeys([*keys, *(key for store in stores for key in store)]))
        frames = (store_of[key].frame(key) for key in order)
        write_proposals(self.out, frames, self.meta)
        shutil.rmtree(self.folder, ignore_errors=True)
        return ProposalStore(self.out)


def make_proposals(
    model: BaseModel,
    pipeline: list[dict],
    *,
    root: str | Path,
    keys: Sequence[str],
    out: str | Path,
    meta: dict,
    score_thr: float = 0.05,
    keep_labels: Sequence[int] = (0,),
    batch_size: int = 8,
    workers: int = 2,
    part_size: int = 256,
) -> MakingReport:
    """Run a detector over frames and write a proposal file.

    Every ``part_size`` frames a part is kept beside the file; a call that follows a kill goes on
    from the parts, and one for a set that has grown from the file. With several processes (a
    default process group) each takes a share of the frames, and the first one writes the file.

    Frames that cannot be read are gathered in the report while the others are done; the file is
    then not written, and a later call does what is left.

    Args:
        model: An MMDetection detector in evaluation mode, on its device.
        pipeline: Its test pipeline.
        root: Folder that the keys are relative to.
        keys: The frames.
        out: The proposal file.
        meta: Goes into the file; proposals of different ``meta`` are not put together.
        score_thr: Boxes with a score above it are kept, 0.05 in the paper. Raising it gives the
            tracker fewer false boxes and fewer people who are hard to see.
        keep_labels: Classes that are kept.
        batch_size: Frames at once.
        workers: Processes that load images. Raising it keeps a GPU busier, at the cost of memory.
        part_size: Frames in a part. A kill costs so many frames at the most.

    Returns:
        What was done.

    Raises:
        ValueError: If the file, or a part of it, was made otherwise.
    """
    rank, world = get_dist_info()
    parts = _Parts(Path(out), meta)
    done = {key for store in parts.stores() for key in store}
    todo = [key for key in keys if key not in done]
    report = MakingReport()
    barrier()  # all have read the parts before anyone adds one
    pending: list[FrameDetections] = []
    share = todo[rank::world]
    frames = detect(
        model,
        pipeline,
        root=root,
        keys=share,
        score_thr=score_thr,
        keep_labels=keep_labels,
        batch_size=batch_size,
        workers=workers,
    )
    with tqdm(total=len(share), unit='frame', desc='proposals', disable=rank != 0) as bar:
        for frame in frames:
            bar.update()
            if isinstance(frame, UnreadableFrame):
                report.broken[frame.name] = frame.reason
                continue
            pending.append(frame)
            report.made += 1
            if len(pending) >= part_size:
                parts.write(rank, pending)
                pending = []
    if pending:
        parts.write(rank, pending)
    # Also waits until everyone's last part is written.
    report.broken = {k: v for broken in all_gather_object(report.broken) for k, v in broken.items()}
    if rank == 0:
        stores = parts.stores()
        stored = {key for store in stores for key in store}
        if all(key in stored for key in keys) and (todo or not Path(out).is_file()):
            stores = [parts.merge(keys)]
        report.frames = sum(len(store) for store in stores)
        report.proposals = sum(store.num_proposals for store in stores)
    barrier()
    return report


@torch.no_grad()
def detect(
    model: BaseModel,
    pipeline: list[dict],
    *,
    root: str | Path,
    keys: Sequence[str],
    score_thr: float = 0.05,
    keep_labels: Sequence[int] = (0,),
    batch_size: int = 8,
    workers: int = 0,
) -> Iterator[FrameDetections | UnreadableFrame]:
    """Detect on frames.

    Args:
        model: See :func:`make_proposals`, as for all others.
        pipeline: The test pipeline.
        root: Folder that the keys are relative to.
        keys: The frames.
        score_thr: Boxes with a score above it are kept. Raising it gives the tracker fewer false
            boxes and fewer people who are hard to see.
        keep_labels: Classes that are kept.
        batch_size: Frames at once.
        workers: Processes that load images. Raising it keeps a GPU busier, at the cost of memory.

    Yields:
        The boxes of each frame, those with the highest scores first.
    """
    # Batches of an empty list are of no use, and DataLoader starts its workers all the same.
    if not keys:
        return
    with DefaultScope.overwrite_default_scope('mmdet'):
        frames = DetectionFrames(root, keys, pipeline)
        loader = DataLoader(
            frames,
            batch_size,
            num_workers=workers,
            collate_fn=list,
            worker_init_fn=partial(_start_worker, os.getpid()),
        )
        for batch in loader:
            readable = [frame.data for frame in batch if isinstance(frame, PreparedFrame)]
            results = iter(model.test_step(pseudo_collate(readable)) if readable else ())
            for frame in batch:
                if isinstance(frame, UnreadableFrame):
                    yield frame
                else:
                    yield _select(
                        frame.name, next(results), score_thr=score_thr, keep_labels=keep_labels
                    )


def _start_worker(parent: int, _number: int) -> None:
    die_with_parent(parent)


def _select(
    name: str, result: DetDataSample, *, score_thr: float, keep_labels: Sequence[int]
) -> FrameDetections:
    """Return the detections of a frame that are to be kept."""
    instances = result.pred_instances
    labelled = torch.isin(instances.labels, instances.labels.new_tensor(keep_labels))
    kept = instances[(instances.scores > score_thr) & labelled]
    height, width = result.ori_shape[:2]
    boxes, scores = kept.bboxes.float().cpu().numpy(), kept.scores.float().cpu().numpy()
    return FrameDetections(name, (height, width), boxes, scores)


def detector_pipeline(cfg: Config) -> list[dict]:
    """Test pipeline of a detector's config.

    Args:
        cfg: The config.

    Returns:
        Its steps.

    Raises:
        ValueError: If it has none.
    """
    for name in ('test_dataloader', 'val_dataloader'):
        dataset = (cfg.get(name) or {}).get('dataset', {})
        while 'pipeline' not in dataset and 'dataset' in dataset:
            dataset = dataset['dataset']
        if dataset.get('pipeline'):
            return list(dataset['pipeline'])
    if cfg.get('test_pipeline'):
        warnings.warn('the config has no test_dataloader; its test_pipeline is used', stacklevel=2)
        return list(cfg.test_pipeline)
    raise ValueError(f'{cfg.filename} has no test_dataloader, whose pipeline is needed')
