"""Clips of consecutive frames of a video, and of still images."""

from __future__ import annotations

import logging
import os.path as osp
from typing import Any

import numpy as np
from mmengine.logging import print_log
from mmengine.utils import is_abs
from mmtrack.datasets import MOTChallengeDataset
from mmtrack.registry import DATASETS

from ..degradation.corruptions import Corruption, Frame, build_corruption
from .coco_check import read_coco, require_readable_by_host
from .proposals import ProposalStore, frame_key

DEFAULT_RATE = 30.0


@DATASETS.register_module()
class MOTClipDataset(MOTChallengeDataset):
    """MOTChallenge-like videos, or still images, as clips of T frames.

    In training, every frame of the set starts one clip, so that an epoch has as many samples as
    there are frames, also frames without objects. The step between the clip's frames is drawn
    uniformly from ``1..max_step``; frame numbers beyond the video's end are replaced by its last
    one. (MOTRv2's paper has 1..10, its code draws 1..11.) Draws come from NumPy's global generator,
    which MMEngine seeds in every worker from the run's seed: use ``persistent_workers=True``, or
    each epoch's workers draw the same again.

    A clip goes through the pipeline as a dict of lists of length T, MMTracking's convention, which
    ``ClipBroadcaster`` works on. ``configs/_base_/datasets/pipelines.py`` has the published
    pipelines. Still images (``load_as_video=False``) give T equal frames, which ``RandomShiftClip``
    sets in motion.

    With ``test_mode=True`` it yields single frames in order, for ``VideoSampler``.

    A frame's dict has beside MMTracking's keys:

    - ``frame_key`` (str): the frame's name in proposal files, see :func:`frame_key`
    - ``frame_time`` (float): seconds since the video began, where its ``fps`` is known
    - ``proposals`` float32 (n, 4) in (x_min, y_min, x_max, y_max) pixels of the image file and
      ``proposals_scores`` float32 (n,): only with a ``proposal_file``

    Args:
        clip_length: Number of frames T. Longer clips train tracks that last longer, and take
            memory in proportion.
        max_step: Largest step between frames. A larger one trains faster motion and longer
            occlusion.
        max_step_seconds: The same in seconds, for sets of several frame rates; videos without an
            ``fps`` keep ``max_step``.
        arrival: Corruption that decides which frames of a test video arrive at all, as arguments of
            :func:`build_corruption`, such as ``dict(name='low_frame_rate', severity=2)``. Those
            that do are numbered anew and keep their ``frame_time``.
        proposal_file: A file written by ``make_proposals.py`` or ``convert_det_db.py`` in
            ``tools/dataset_converters``, relative to ``data_root``. All frames are looked up at
            start-up. Without it no proposals are loaded.
        filter_cfg: Which frames are left out, as of the parent. None keeps frames without objects
            and drops images below 32 pixels.
        args: As of :class:`mmtrack.datasets.MOTChallengeDataset`.
        kwargs: As of :class:`mmtrack.datasets.MOTChallengeDataset`. ``metainfo`` defaults to
            ``dict(CLASSES=('pedestrian', ))``; the key is upper-case.

    Raises:
        FileNotFoundError: If there is no annotation or proposal file; says what makes them.
        DataFileError: If numbers of the annotation file cannot be right, see :func:`read_coco`.
        ValueError: If none of ``CLASSES`` is a category of the annotation file.
        KeyError: If frames are not in the proposal file; names the first ones.
    """

    METAINFO = {'CLASSES': ('pedestrian',)}

    valid_data_indices: list[int]

    def __init__(
        self,
        *args: Any,
        clip_length: int = 5,
        max_step: int = 10,
        max_step_seconds: float | None = None,
        arrival: dict | None = None,
        proposal_file: str | None = None,
        filter_cfg: dict | None = None,
        **kwargs: Any,
    ) -> None:
        if clip_length < 1 or max_step < 1:
            raise ValueError(
                f'clip_length and max_step must be at least 1, got {clip_length} and {max_step}'
            )
        if max_step_seconds is not None and not max_step_seconds > 0:
            raise ValueError(f'max_step_seconds must be more than 0, got {max_step_seconds}')
        if kwargs.pop('ref_img_sampler', None) is not None:
            raise ValueError(
                'MOTClipDataset draws its own frames: use clip_length and max_step in place of '
                'ref_img_sampler'
            )
        self.clip_length = clip_length
        self.max_step = max_step
        self.max_step_seconds = max_step_seconds
        self._frame_rates: dict[int, float] = {}
        self._arrival = arrival
        # Of each frame that arrives its number in the video, and how many do.
        self._arrived: dict[int, tuple[int, int]] = {}
        self.proposal_file = proposal_file
        self.proposal_store: ProposalStore | None = None
        if filter_cfg is None:
            filter_cfg = dict(filter_empty_gt=False, min_size=32)
        super().__init__(*args, ref_img_sampler=None, filter_cfg=filter_cfg, **kwargs)

    def _join_prefix(self) -> None:
        super()._join_prefix()
        if self.proposal_file and self.data_root and not is_abs(self.proposal_file):
            self.proposal_file = osp.join(self.data_root, self.proposal_file)

    def full_init(self) -> None:
        """Load the annotations, then look every frame up in the proposal file."""
        if self._fully_initialized:
            return
        if '://' not in self.ann_file and not osp.isfile(self.ann_file):
            raise FileNotFoundError(
                f'there is no annotation file {self.ann_file}: make it with '
                'tools/dataset_converters/mot2coco.py (own data, sets in MOTChallenge layout, '
                'copies made by make_lq.py), crowdhuman2coco.py (CrowdHuman) or make_synthetic.py '
                '(the synthetic set), or set data_root and ann_file of the data set'
            )
        self._left_out = 0
        self._read_annotations()
        super().full_init()
        if self._left_out:
            print_log(
                f'{self.ann_file}: {self._left_out} objects lie outside of their images or are '
                'smaller than a pixel, and are left out',
                logger='current',
                level=logging.WARNING,
            )
        if self._arrival is not None and self.test_mode:
            self._lose_frames(build_corruption(**self._arrival))
        if self.proposal_file is not None:
            self.proposal_store = ProposalStore(self.proposal_file)
            infos = [self._get_ori_data_info(i) for i in range(self._num_frames)]
            self.proposal_store.require(
                [info['frame_key'] for info in infos],
                sizes=[(info['height'], info['width']) for info in infos],
                needed_by=self.ann_file,
            )

    def _read_annotations(self) -> None:
        """Check the annotation file, and take from it what the parent class does not keep."""
        if '://' in self.ann_file:
            return
        content = read_coco(self.ann_file)
        require_readable_by_host(self.ann_file, content, videos=self.load_as_video)
        if self.load_as_video:
            self._frame_rates = {
                video['id']: float(video['fps'])
                for video in content.get('videos', [])
                if video.get('fps')
            }
        names = [category.get('name') for category in content['categories']]
        if not set(names) & set(self.metainfo['CLASSES']):
            raise ValueError(
                f'{self.ann_file} has the categories {names}, and none of them is in CLASSES = '
                f'{self.metainfo["CLASSES"]}: set metainfo=dict(CLASSES=(...)) of the data set'
            )

    def _lose_frames(self, corruption: Corruption) -> None:
        videos: dict[int, list[int]] = {}
        for position in self.valid_data_indices:
            info = self._get_ori_data_info(position)
            fps = self._frame_rates.get(info['video_id'], DEFAULT_RATE)
            if corruption.keeps(Frame(info['img_path'], info['frame_id'], fps)):
                videos.setdefault(info['video_id'], []).append(position)
        self._arrived = {
            position: (number, len(positions))
            for positions in videos.values()
            for number, position in enumerate(positions)
        }
        self.valid_data_indices = list(self._arrived)

    def get_data_info(self, idx: int) -> dict:
        """Return a frame's information, numbered among those that arrive."""
        info = super().get_data_info(idx)
        arrived = self._arrived.get(self.valid_data_indices[idx])
        if arrived is not None:
            info['recorded_frame_id'] = info['frame_id']
            info['frame_id'], info['video_length'] = arrived
        return info

    @property
    def _num_frames(self) -> int:
        """Number of frames in the annotation file, filtered or not."""
        return len(self.data_address) if self.serialize_data else len(self.data_list)

    def parse_data_info(self, raw_data_info: dict) -> dict:
        """Parse a frame; still images may lack what only videos have.

        Args:
            raw_data_info: ``raw_img_info`` and ``raw_ann_info`` of the annotation file.

        Returns:
            The frame's information.
        """
        for index, annotation in enumerate(raw_data_info['raw_ann_info']):
            annotation.setdefault('visibility', 1.0)
            annotation.setdefault('mot_conf', 1.0)
            annotation.setdefault('instance_id', index)
            annotation.setdefault('area', annotation['bbox'][2] * annotation['bbox'][3])
        image = raw_data_info['raw_img_info']
        self._left_out += sum(
            _is_invisible(annotation['bbox'], image) for annotation in raw_data_info['raw_ann_info']
        )
        info = super().parse_data_info(raw_data_info)
        info['frame_key'] = frame_key(info['file_name'])
        info['is_video_data'] = self.load_as_video
        return info

    def prepare_data(self, idx: int) -> Any:
        """Run the clip that starts at a frame, or in test mode the frame, through the pipeline.

        Args:
            idx: Index of the (first) frame.

        Returns:
            What the pipeline returns.
        """
        if self.test_mode:
            return self.pipeline(self._complete(self.get_data_info(idx)))
        frames = [self._complete(info) for info in self.sample_clip(idx)]
        keys = set.intersection(*(set(frame) for frame in frames))
        return self.pipeline({key: [frame[key] for frame in frames] for key in sorted(keys)})

    def sample_clip(self, idx: int) -> list[dict]:
        """Draw the clip that starts at a frame.

        Args:
            idx: Index of its first frame.

        Returns:
            Information of the T frames in order.
        """
        first = int(self.valid_data_indices[idx])
        info = self._get_ori_data_info(first)
        if not self.load_as_video:
            # Every frame has its own copy, the transforms work in place.
            frames = [info, *(self._get_ori_data_info(first) for _ in range(self.clip_length - 1))]
            for number, frame in enumerate(frames):
                frame.update(
                    frame_id=number, video_id=frame['img_id'], video_length=self.clip_length
                )
            return frames
        step = int(np.random.randint(1, self._largest_step(info['video_id']) + 1))
        start, last = info['frame_id'], info['video_length'] - 1
        numbers = [min(start + step * i, last) for i in range(self.clip_length)]
        return [self._get_ori_data_info(first + number - start) for number in numbers]

    def _largest_step(self, video: int) -> int:
        rate = self._frame_rates.get(video)
        if self.max_step_seconds is None or rate is None:
            return self.max_step
        return max(1, round(self.max_step_seconds * rate))

    def _complete(self, info: dict) -> dict:
        """Add what the annotation file has elsewhere: the frame's time, and its proposals."""
        rate = self._frame_rates.get(info.get('video_id', -1))
        if rate is not None:
            # Numbers that are left out are frames that were lost: they took their time.
            recorded = info.get('recorded_frame_id', info['frame_id'])
            number = info.get('mot_frame_id', recorded + 1)
            info['frame_time'] = (number - 1) / rate
        if self.proposal_store is not None:
            detections = self.proposal_store[info['frame_key']]
            info['proposals'], info['proposals_scores'] = detections.boxes, detections.scores
        return info


def _is_invisible(box: list[float], image: dict) -> bool:
    """Whether MMTracking passes over an object: smaller than a pixel, or outside of the image."""
    left, top, width, height = box
    right, bottom = min(left + width, image['width']), min(top + height, image['height'])
    return min(width, height) < 1 or right <= max(left, 0) or bottom <= max(top, 0)
