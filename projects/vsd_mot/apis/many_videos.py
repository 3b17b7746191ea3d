"""Many videos as one job: resumed after a kill, shared by processes, stopped by no bad file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import KW_ONLY, asdict, dataclass, field
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ..engine.shared_work import SharedWork
from ..engine.stopping import StopOnSignal, Stopped
from ..errors import ProposalError, SourceError
from ..fileio import safe_name
from ..version import __version__
from ..visualization.annotator import TrackAnnotator
from .inference import track_video
from .masks import MaskTracker
from .output_place import written_info
from .outputs import TrackOutputs
from .tracker import Tracker
from .video_inputs import VideoInput, find_videos, state_of
from .video_run import VideoRun, reason_of
from .video_summary import VideoSummary, write_summary


@dataclass
class VideoJob:
    """How the videos of a job are tracked and what is written of each.

    Attributes:
        tracker: From :func:`init_tracker`.
        out: Folder of the results; each video has a folder in it.
        window: See :func:`track_video`.
        proposals: As of :func:`track_video`: a proposal file that holds all videos, or the path of
            a det file with ``{name}`` in it, for which the video's name is put.
        strict: See :func:`track_video`.
        fps: See :func:`track_video`.
        masks: See :func:`track_video`.
        max_frames: Track so many frames of each video.
        video: Whether to write annotated videos.
        pictures_every: Write every n-th annotated frame; 0 writes none.
        show_scores: Whether to draw scores.
        formats: Further formats to write, see :class:`TrackOutputs`.
        page: Whether to write a page for the browser, see :class:`TrackOutputs`.
        info: Entries for each JSON's `info`.
        settings: Digest of all that decides what is in a video's files, but its proposals.

    Raises:
        ProposalError: The proposals are those of one video.
    """

    tracker: Tracker
    out: Path
    _: KW_ONLY
    window: int = 8
    proposals: str | Path | None = None
    strict: bool = False
    fps: float | None = None
    masks: MaskTracker | None = None
    max_frames: int | None = None
    video: bool = True
    pictures_every: int = 0
    show_scores: bool = False
    formats: tuple[str, ...] = ()
    page: bool = False
    info: dict[str, Any] = field(default_factory=dict)
    settings: str = field(init=False)

    def __post_init__(self) -> None:
        self.out = Path(self.out)
        proposals = None if self.proposals is None else str(self.proposals)
        if (
            proposals
            and '{name}' not in proposals
            and proposals.lower().endswith(('.txt', '.csv', '.xml'))
        ):
            raise ProposalError(
                f'{proposals} is the det file of one video: write {{name}} where the name of each '
                "video stands, such as 'det/{name}.txt', or give a proposal file that holds all"
            )
        written = (
            'strict',
            'fps',
            'max_frames',
            'video',
            'pictures_every',
            'show_scores',
            'formats',
            'page',
        )
        decisive = dict(
            version=__version__,
            tracker=self.tracker.digest(),
            masks=None if self.masks is None else self.masks.digest(),
            **{name: getattr(self, name) for name in written},
        )
        text = json.dumps(decisive, sort_keys=True)
        self.settings = hashlib.sha256(text.encode()).hexdigest()[:16]

    def proposals_for(self, video: VideoInput) -> Path | None:
        """Return the file with the proposals of a video."""
        if self.proposals is None:
            return None
        return Path(str(self.proposals).replace('{name}', video.name))

    def identity(self, video: VideoInput) -> dict[str, str | None]:
        """Return what is noted in a video's JSON, to know later whether it is still its result."""
        proposals = self.proposals_for(video)
        settings = self.settings
        if proposals is not None:
            settings = f'{settings}-{proposals}-{state_of(proposals)}'
        return dict(source_state=video.state(), settings=settings)

    def finished(self, video: VideoInput) -> VideoSummary | None:
        """Return the summary of a video whose result is whole, of the same source and settings.

        None where it has to be tracked.
        """
        try:
            folder = self.out / safe_name(video.name)
        except ValueError:
            return None
        info, identity = written_info(folder / f'{video.name}.json'), self.identity(video)
        if info is None or identity['source_state'] is None:
            return None
        identity['source_path'] = str(Path(video.source).resolve())
        if any(info.get(key) != value for key, value in identity.items()):
            return None
        enough = info['complete'] is True or info.get('frames') == self.max_frames
        if not (enough and _has_its_files(folder / f'{video.name}.json', info)):
            return None
        return VideoSummary(
            video.name,
            video.source,
            status='finished before',
            **{key: info[key] for key in ('frames', 'tracks', 'seconds', 'damage', 'faults')},
        )

    def track(self, video: VideoInput, signals: StopOnSignal, bar: tqdm) -> VideoSummary:
        """Track a video and write its results, unless they are there.

        Args:
            video: The video.
            signals: In force.
            bar: Advanced by each frame.

        Returns:
            What became of it, also where it failed, whatever the reason.

        Raises:
            Stopped: By a signal, before it was begun.
        """
        try:
            return self.finished(video) or self._track(video, signals, bar)
        except Exception as error:  # of this video: the others have nothing to do with it
            error_text = reason_of(error)
            return VideoSummary(video.name, video.source, status='failed', error=error_text)

    def _track(self, video: VideoInput, signals: StopOnSignal, bar: tqdm) -> VideoSummary:
        if video.fault is not None:
            raise SourceError(video.fault)
        identity = self.identity(video)
        results = track_video(
            self.tracker,
            video.source,
            window=self.window,
            proposals=self.proposals_for(video),
            strict=self.strict,
            fps=self.fps,
            masks=self.masks,
        )
        with contextlib.closing(results):
            source = results.source
            if source.live:
                raise SourceError(
                    f'{source.label} is live and has no end: vsd-mot cameras tracks it'
                )
            if source.note:
                tqdm.write(source.note, file=sys.stderr)
            bar.reset(min((n for n in (source.length, self.max_frames) if n), default=None))
            with TrackOutputs(
                self.out / safe_name(video.name),
                source,
                name=video.name,
                video=self.video,
                pictures_every=self.pictures_every,
                info={**self.info, **identity},
                annotator=TrackAnnotator(source.fps, show_scores=self.show_scores, min_side=480),
                masks=self.masks is not None,
                formats=self.formats,
                page=self.page,
            ) as outputs:
                run = VideoRun(results, outputs, max_frames=self.max_frames, after_frame=bar.update)
                return run.run(signals)


def _has_its_files(results: Path, info: dict[str, Any]) -> bool:
    """Whether all files that a JSON names are there; none of a later run, since it came last."""
    names = info.get('files')
    if not isinstance(names, dict):
        return False
    files = [results.parent / Path(str(name)).name for name in names.values()]
    written = results.stat().st_mtime_ns
    return all(
        file.is_dir() or (file.is_file() and file.stat().st_mtime_ns <= written) for file in files
    )


@dataclass
class JobReport:
    """What became of a job.

    Attributes:
        summaries: Of all videos, in order.
        files: ``summary.json`` and ``summary.csv``; none in processes that only help.
        signal: Number of the signal that ended it, None when none did.
    """

    summaries: list[VideoSummary]
    files: list[Path]
    signal: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether all that was asked for is there."""
        return all(one.is_good for one in self.summaries)


def track_videos(
    tracker: Tracker, inputs: Iterable[str | Path], out: str | Path, **settings: Any
) -> JobReport:
    """Track many videos as one job.

    Videos whose results are whole, of the same source and settings, are not tracked again. A video
    that cannot be tracked stops no other. Under `torchrun` all processes call this with the same
    arguments and share the videos; the first one gets all summaries.

    Args:
        tracker: From :func:`init_tracker`.
        inputs: As of :func:`find_videos`.
        out: Folder of the results; each video has a folder in it.
        **settings: Of :class:`VideoJob`.

    Raises:
        SourceError: There is no video.
        ProposalError: The proposals are those of one video.
        OSError: The summary cannot be written.

    Example:
        >>> report = track_videos(tracker, ['clips/', 'more/*.mp4'], 'results', video=False)
        >>> [(one.name, one.status, one.tracks) for one in report.summaries]
        [('street', 'tracked', 12), ('yard', 'finished before', 3)]
    """
    job = VideoJob(tracker, Path(out), **settings)
    return run_job(job, find_videos(inputs, leave_out=out))


def run_job(job: VideoJob, videos: list[VideoInput]) -> JobReport:
    """Track the videos of a job, as one of the processes that share it."""
    what = json.dumps([[video.name for video in videos], job.settings])
    work = SharedWork(len(videos), hashlib.sha256(what.encode()).hexdigest())
    results: dict[int, dict] = {}
    # A log file wants few lines.
    seldom = 0.2 if sys.stderr.isatty() else 10.0
    with StopOnSignal() as signals, tqdm(unit='frame', mininterval=seldom) as bar:
        with contextlib.suppress(Stopped):
            for number in work:
                place = f'[{number + 1}/{len(videos)}]'
                bar.set_description(f'{place} {videos[number].name}', refresh=False)
                summary = job.track(videos[number], signals, bar)
                work.put(number, asdict(summary))
                tqdm.write(f'{place} {summary}', file=sys.stderr)
                if signals.received is not None:
                    break
        work.done()
        with contextlib.suppress(Stopped):
            results = work.gather(wait=signals.received is None)
    if not work.is_first:
        return JobReport([VideoSummary(**result) for result in results.values()], [])
    ordered = [
        VideoSummary(**results[number])
        if number in results
        else VideoSummary(video.name, video.source)
        for number, video in enumerate(videos)
    ]
    return JobReport(ordered, write_summary(job.out, ordered), signals.received)
