"""What a benchmark compares: models in settings, on made-up frames of the real cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import mmcv
import numpy as np
import torch
from mmengine.structures import InstanceData
from mmengine.utils import import_modules_from_strings
from mmtrack.structures import TrackDataSample
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from ...engine.checkpoint_fit import drop_training_parts
from ...engine.configs import load_config, without_pretrained
from ...engine.weights import load_checkpoint
from ...export import set_backend
from ...models.query_tracking import MOTRv2
from ...models.query_tracking.queries import Proposals

CHECKPOINTING = ('config', 'none', 'layers', 'frames')


@dataclass(frozen=True)
class Setting:
    """One column of the table.

    Attributes:
        name: Its heading.
        config: Config file.
        checkpoint: Weights, or None for random ones (the same in all settings of a config).
        plain: The reference: naive deformable attention, no folding, frame by frame.
        checkpointing: What training computes again in the backward pass: as the ``config`` says,
            ``none``, ``layers`` (each layer of encoder and decoder and each block of the
            backbone), or ``frames`` (a frame's features, and a frame's decoder).
        backend: What computes the networks at inference: 'pytorch', or one of
            `vsd_mot.export.runtimes.BACKENDS`.
        threads: Threads on the CPU; None: torch's choice.
    """

    name: str
    config: str
    checkpoint: str | None = None
    plain: bool = False
    checkpointing: str = 'config'
    backend: str = 'pytorch'
    threads: int | None = None


@dataclass(frozen=True)
class Workload:
    """What every setting has to do.

    Attributes:
        size: (height, width) of the network's input.
        frame_size: (height, width) of the frames as a camera gives them.
        proposals: Proposals in a frame.
        tracks: Tracks carried into each frame at inference.
        objects: Objects in a frame in training, the same ones in all frames.
        clip_length: Frames of a clip in training.
        window: Frames encoded together at inference. The reference always takes one.
        device: 'cpu' or 'cuda'.
        amp: 'bf16', 'fp16' or None for float32.
        compiled: Whether backbone, neck and encoder go through torch.compile.
        detector: Whether the config's detector makes the proposals.
    """

    size: tuple[int, int] = (608, 1088)
    frame_size: tuple[int, int] = (1080, 1920)
    proposals: int = 30
    tracks: int = 20
    objects: int = 10
    clip_length: int = 5
    window: int = 1
    device: str = 'cpu'
    amp: str | None = None
    compiled: bool = False
    detector: bool = False

    def autocast(self) -> torch.autocast:
        """Return the precision to run in."""
        dtype = torch.float16 if self.amp == 'fp16' else torch.bfloat16
        return torch.autocast(self.device, dtype, enabled=self.amp is not None)


def build(setting: Setting, workload: Workload) -> MOTRv2:
    """Build the model of a setting, with equal weights for equal configs.

    Args:
        setting: The setting.
        workload: Tells the device, and whether to compile.

    Returns:
        The model, in eval mode.

    Raises:
        ValueError: The config has no model, or one without the stages that are measured.
        CheckpointError: The weights do not fit it.
    """
    from mmtrack.registry import MODELS
    from mmtrack.utils import register_all_modules

    import_modules_from_strings('vsd_mot')
    register_all_modules(init_default_scope=True)
    config = load_config(setting.config)
    if 'model' not in config:
        raise ValueError(f'{setting.config} has no model')
    if not workload.detector:
        config.model.pop('detector', None)
    if setting.checkpoint is None:
        config.model = without_pretrained(config.model)
    torch.manual_seed(0)
    model = MODELS.build(config.model)
    if not isinstance(model, MOTRv2):
        raise ValueError(
            f'{setting.config}: {type(model).__name__} has not the stages that are measured; this '
            'benchmark is for MOTRv2 and the models built on it'
        )
    if setting.checkpoint is not None:
        load_checkpoint(model, setting.checkpoint)
    for module in model.modules():
        if hasattr(module, 'plain'):
            module.plain = setting.plain
        if hasattr(module, 'with_cp') and setting.checkpointing != 'config':
            module.with_cp = setting.checkpointing == 'layers'
    if setting.checkpointing == 'frames':
        _checkpoint_frames(model)
    if setting.plain or setting.checkpointing == 'frames':
        model.encode_batch = 1
    if workload.compiled:
        for part in (model.backbone, model.neck, model.encoder):
            part.compile()
    return model.to(workload.device).eval()


def _checkpoint_frames(model: MOTRv2) -> None:
    """Keep nothing of a frame but what goes into encoder and decoder, as the published code."""
    decoder = model.get_submodule('decoder')

    def recomputed(function: Callable) -> Callable:
        def call(*args, **kwargs):
            if not torch.is_grad_enabled():
                return function(*args, **kwargs)
            return checkpoint(function, *args, use_reentrant=False, **kwargs)

        return call

    model.extract = recomputed(model.extract)
    decoder.forward = recomputed(decoder.forward)


def _boxes(count: int, size: tuple[int, int], generator: torch.Generator) -> Tensor:
    """(count, 4) boxes (x1, y1, x2, y2) in pixels, a tenth to a third of the frame large."""
    extent = torch.tensor([size[1], size[0]], dtype=torch.float32)
    corner = torch.rand(count, 2, generator=generator) * 0.6
    shape = 0.1 + torch.rand(count, 2, generator=generator) * 0.25
    return torch.cat([corner * extent, (corner + shape) * extent], dim=1)


def _instances(workload: Workload, length: int, *, objects: bool, generator) -> InstanceData:
    count = workload.objects if objects else workload.proposals
    fields = dict(
        bboxes=_boxes(length * count, workload.size, generator),
        img_idx=torch.arange(length).repeat_interleave(count),
    )
    if objects:
        fields['instances_id'] = torch.arange(count).repeat(length)
        fields['labels'] = torch.zeros(length * count, dtype=torch.long)
    else:
        fields['scores'] = torch.rand(length * count, generator=generator)
    return InstanceData(**fields).to(workload.device)


def _sample(workload: Workload, *, length: int, name: int, generator) -> TrackDataSample:
    def repeated(value):
        return [value] * length if length > 1 else value

    path = f'video/img1/{name:06d}.jpg'
    sample = TrackDataSample(
        metainfo=dict(
            img_shape=repeated(workload.size),
            ori_shape=repeated(workload.frame_size),
            img_path=repeated(path),
            frame_id=repeated(name),
        )
    )
    if not workload.detector:
        sample.proposals = _instances(workload, length, objects=False, generator=generator)
    return sample


class Inference:
    """Tracks through a window of frames, always from the same tracks.

    Args:
        model: The tracker; it loses the parts that only training needs.
        setting: Its setting.
        workload: What to do.
    """

    def __init__(self, model: MOTRv2, setting: Setting, workload: Workload) -> None:
        self.model, self.workload = model, workload
        # What only training needs is neither run nor counted.
        drop_training_parts(model)
        self.frames = 1 if setting.plain else workload.window
        generator = torch.Generator().manual_seed(0)
        shape = (self.frames, *workload.frame_size, 3)
        self.images = torch.randint(0, 256, shape, generator=generator, dtype=torch.uint8).numpy()
        self.samples = [
            _sample(workload, length=1, name=index + 1, generator=generator)
            for index in range(self.frames)
        ]
        boxes = _boxes(workload.tracks, (1, 1), generator).to(workload.device)
        boxes = torch.cat([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], dim=1)
        with torch.no_grad():
            scores = torch.ones(workload.tracks, device=workload.device)
            queries = model.detection_queries(Proposals(boxes, scores))[-workload.tracks :]
        ids = torch.arange(workload.tracks, device=workload.device)
        track_queries = queries.replace(track_ids=ids, scores=scores)
        gather = model.gather
        # whatever the last frame gave, each frame begins with the same number of tracks
        model.gather = lambda proposals, tracks: gather(
            proposals, track_queries if len(ids) else None
        )
        model.video = 'video/img1'
        if setting.backend != 'pytorch':
            name = Path(setting.config).stem
            set_backend(model, setting.backend, threads=setting.threads, config=name)

    def preprocess(self) -> tuple[dict[str, Tensor], list[TrackDataSample]]:
        """Frames of the camera's size to the input of the model."""
        height, width = self.workload.size
        resized = [mmcv.imresize(image, (width, height)) for image in self.images]
        clips = [
            torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None]
            for image in resized
        ]
        data = dict(inputs=dict(img=clips), data_samples=self.samples)
        data = self.model.data_preprocessor(data, False)
        return data['inputs'], data['data_samples']

    def run(self, meter) -> None:
        """One pass; ``meter`` has a context ``stage(name)``."""
        with meter.stage('preprocess'):
            inputs, samples = self.preprocess()
        with self.workload.autocast():
            self.model.predict(inputs, samples)


class TrainingStep:
    """A training step on one clip: losses, gradients, AdamW.

    Args:
        model: The tracker.
        setting: Its setting.
        workload: What to do.
    """

    def __init__(self, model: MOTRv2, setting: Setting, workload: Workload) -> None:
        self.model, self.workload = model.train(), workload
        self.frames = workload.clip_length
        generator = torch.Generator().manual_seed(0)
        shape = (1, self.frames, 3, *workload.size)
        raw = torch.randint(0, 256, shape, generator=generator, dtype=torch.uint8)
        image = torch.randn(shape, generator=generator)
        self.inputs = dict(img=image.to(workload.device), raw=raw.to(workload.device))
        sample = _sample(workload, length=self.frames, name=1, generator=generator)
        sample.gt_instances = _instances(workload, self.frames, objects=True, generator=generator)
        self.samples = [sample]
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=1e-6)

    def run(self, meter) -> None:
        """One step; ``meter`` has a context ``stage(name)``."""
        with self.workload.autocast():
            losses = self.model.loss(self.inputs, self.samples)
            total = sum(value for name, value in losses.items() if 'loss' in name)
        if not torch.isfinite(total):
            raise FloatingPointError(f'the training loss is {total.item()}')
        with meter.stage('backward'):
            total.backward()
        with meter.stage('optimizer'):
            nn.utils.clip_grad_norm_(self.parameters, 0.1)
            self.optimizer.step()
            self.optimizer.zero_grad()
