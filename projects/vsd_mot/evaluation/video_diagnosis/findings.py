"""Faults of a video, from its measurements: what is wrong, how much, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .measuring import VideoFacts


@dataclass(frozen=True)
class Finding:
    """A fault.

    Attributes:
        fault: Its name.
        strength: How far it is beyond what a good video has; 1 is clearly visible.
        detail: What was measured, in words.
        advice: What to do.
        corruption: The corruption of the robustness benchmark that comes next to it, or None.
        profile: The profile of cameras that have it, or None.
    """

    fault: str
    strength: float
    detail: str
    advice: str
    corruption: str | None = None
    profile: str | None = None


Check = Callable[[VideoFacts], Finding | None]
SECONDS = "model.clock=dict(unit='seconds') counts time instead of frames"
DEGRADED = (
    'take weights trained on degraded video (configs/vsd_mot), or train with RandomDegradation'
)


def find_faults(facts: VideoFacts) -> list[Finding]:
    """Return the faults of a video, the worst first; none for a good one."""
    if not facts.pictures:
        unreadable = Finding(
            'unreadable', 10.0, 'not one frame shows a picture', 'check the camera and the file'
        )
        return [unreadable]
    findings = [finding for check in CHECKS if (finding := check(facts)) is not None]
    return sorted(findings, key=lambda finding: -finding.strength)


def _steps(facts: VideoFacts) -> np.ndarray:
    """Seconds from frame to frame; frozen frames are not new ones."""
    return np.diff(facts.times)


def _median_step(facts: VideoFacts) -> float:
    steps = _steps(facts)
    positive = steps[steps > 0]
    return float(np.median(positive)) if len(positive) else 1 / facts.nominal_fps


def low_frame_rate(facts: VideoFacts) -> Finding | None:
    """Below 12 frames per second people are elsewhere in the next frame."""
    fps = 1 / _median_step(facts)
    if facts.frames < 3 or fps >= 12:
        return None
    return Finding(
        'low frame rate',
        12 / fps,
        f'{fps:.1f} frames per second',
        SECONDS,
        'low_frame_rate',
        'cctv-6fps',
    )


def jitter(facts: VideoFacts) -> Finding | None:
    """Frames that come irregularly, gaps apart."""
    steps = _steps(facts)
    near = steps[(steps > 0) & (steps < 1.75 * _median_step(facts))]
    if len(near) < 10:
        return None
    spread = float(np.subtract(*np.percentile(near, (95, 5))) / np.median(near))
    if spread < 0.35:
        return None
    return Finding(
        'jitter', spread / 0.35, f'steps between frames differ by {100 * spread:.0f} %', SECONDS
    )


def lost_frames(facts: VideoFacts) -> Finding | None:
    """Gaps in the times."""
    median = _median_step(facts)
    steps = _steps(facts) / median
    lost = int(np.round(steps[steps > 1.75] - 1).sum())
    share = lost / max(1, lost + facts.frames)
    if share < 0.01:
        return None
    longest = steps.max() * median
    return Finding(
        'lost frames',
        share / 0.03,
        f'{lost} frames are missing ({100 * share:.0f} %), the longest gap is {longest:.1f} s',
        SECONDS,
        'lost_frames',
        'low-bitrate',
    )


def frozen_frames(facts: VideoFacts) -> Finding | None:
    """Pictures that are repeated: doubled one by one, or frozen for longer."""
    share = float(facts.frozen.mean())
    longest = facts.damage['longest_freeze'] * _median_step(facts)
    if share < 0.02 and longest < 0.25:
        return None
    doubled = longest < 0.25
    return Finding(
        'doubled frames' if doubled else 'frozen frames',
        max(share / 0.04, 0 if doubled else longest / 0.3),
        f'{100 * share:.0f} % of the frames repeat the one before, for {longest:.1f} s at most',
        'record at the rate of the camera' if doubled else f'check the line; {SECONDS}',
        'frozen_frames',
    )


def damaged_frames(facts: VideoFacts) -> Finding | None:
    """Frames that the decoder could not read or marked."""
    count = facts.damage['corrupt'] + facts.damage['unreadable']
    share = count / max(1, facts.frames)
    if share < 0.003:
        return None
    return Finding(
        'corrupt frames',
        1 + share / 0.02,
        f'{count} frames could not be decoded whole',
        'check disk, line and recorder; use TCP instead of UDP',
        'h264_stream',
        'low-bitrate',
    )


def cut_off(facts: VideoFacts) -> Finding | None:
    """Less than the file should hold."""
    if facts.incomplete is None:
        return None
    return Finding('cut off', 3.0, facts.incomplete, 'copy or download the file again')


def blank_frames(facts: VideoFacts) -> Finding | None:
    """Frames of one colour."""
    count = facts.damage['blank']
    share = count / max(1, facts.frames)
    if share < 0.003:
        return None
    return Finding(
        'blank frames',
        1 + share / 0.03,
        f'{count} frames are black or of one colour',
        'check power and line of the camera',
    )


def cuts(facts: VideoFacts) -> Finding | None:
    """Other scenes."""
    count = facts.damage['cut'] + facts.damage['resized']
    if count == 0:
        return None
    return Finding(
        'cuts',
        1.5 + 0.5 * count,
        f'{count} cuts or changes of size, at which all tracks end',
        'track the scenes as videos of their own',
    )


def _by_feature(
    name: str,
    measure: Callable[[VideoFacts], float],
    *,
    limit: float,
    unit: float,
    detail: str,
    advice: str,
    corruption: str | None = None,
    profile: str | None = None,
) -> Check:
    """Make the check of a picture's feature.

    Args:
        name: Of the fault.
        measure: Measures it; larger is worse.
        limit: What good videos stay below.
        unit: How far beyond it is clearly visible.
        detail: In words, with ``{value}`` and ``{limit}``.
        advice: What to do.
        corruption: Of the benchmark.
        profile: Of cameras.
    """

    def check(facts: VideoFacts) -> Finding | None:
        value = measure(facts)
        if not value > limit:
            return None
        text = detail.format(value=value, limit=limit)
        strength = 0.5 + (value - limit) / unit
        return Finding(name, strength, text, advice, corruption, profile)

    return check


def shaking(facts: VideoFacts) -> Finding | None:
    """Jerks of the camera: the picture's shift changes from frame to frame."""
    if len(facts.motion) < 8:
        return None
    jerk = np.abs(np.diff(facts.motion, axis=0)).mean()
    if jerk < 0.012:
        return None
    return Finding(
        'shaking camera',
        jerk / 0.012,
        f'the picture jumps by {100 * jerk:.1f} % of its size from frame to frame',
        'fix or stabilise the camera',
        'shaky_camera',
        'bodycam',
    )


def small_people(facts: VideoFacts) -> Finding | None:
    """People of few pixels."""
    if facts.heights is None or len(facts.heights) < 5:
        return None
    height = float(np.median(facts.heights))
    if height >= 40:
        return None
    return Finding(
        'small people',
        40 / height,
        f'people are {height:.0f} pixels high',
        'go closer, or give the detector larger input (a larger scale in its pipeline)',
        'downscaling',
    )


def compression(facts: VideoFacts) -> Finding | None:
    """Blocks of JPEG, or few bits that left no fine structure."""
    grid = facts.middle('grid')
    bits = None if facts.container is None else facts.container.bits_per_pixel
    starved = bits is not None and bits < 0.02 and facts.middle('dead_diagonal') > 0.4
    if grid < 0.65 and not starved:
        return None
    strength = 0.5 + max(0.0, grid - 0.65) / 0.3
    detail = f'blocks show (step at the grid {grid:.2f} of what is beside it)'
    if starved and bits is not None:
        strength = max(strength, 2.5 + 0.02 / max(bits, 1e-4) / 4)
        detail = f'{bits:.3f} bits per pixel leave no fine structure'
    return Finding(
        'compression',
        strength,
        detail,
        f'raise the bitrate; {DEGRADED}',
        'h264' if starved else 'jpeg',
        'low-bitrate',
    )


def darkness(facts: VideoFacts) -> Finding | None:
    """Little light."""
    level = facts.middle('level')
    if level >= 0.22:
        return None
    return Finding(
        'darkness',
        0.5 + (0.22 - level) / 0.05,
        f'the mean brightness is {100 * level:.0f} % of white',
        f'light the scene; {DEGRADED}',
        'low_light',
    )


def low_contrast(facts: VideoFacts) -> Finding | None:
    """Grey levels that lie close together, in a frame that is not dark."""
    spread = float(np.exp(facts.middle('range')) - 1)
    if spread >= 73 or facts.middle('level') < 0.22:
        return None
    return Finding(
        'low contrast',
        0.5 + np.log(73 / max(spread, 1.0)) / 0.25,
        f'nine tenths of the picture lie within {spread:.0f} grey levels',
        f'clean the lens, look for fog or back light; {DEGRADED}',
        'low_contrast',
    )


def no_colour(facts: VideoFacts) -> Finding | None:
    """Grey pictures: infrared light."""
    saturation = facts.middle('colour')
    if saturation >= 0.9:
        return None
    return Finding(
        'night infrared',
        4.0,
        'the pictures have no colour',
        f'colours tell nobody apart here; {DEGRADED}',
        'night_infrared',
        'night-ir',
    )


def fine_noise(facts: VideoFacts) -> float:
    """Noise in flat places, of single pixels or of grains."""
    return max(facts.middle('flat_diagonal_0') - 2.9, facts.middle('flat_diagonal_1') - 4.2)


# Limits lie beyond all of 28 clean pictures of seven sequences and four photographs.
noise = _by_feature(
    'noise',
    fine_noise,
    limit=0.0,
    unit=1.2,
    detail='flat places are not smooth (log energy {value:.1f} above that of good video)',
    advice=f'more light, or less gain; {DEGRADED}',
    corruption='gaussian_noise',
)
colour_noise = _by_feature(
    'colour noise',
    lambda facts: facts.middle('colour_flat_0'),
    limit=2.2,
    unit=2.0,
    detail='flat places are speckled with colour (log energy {value:.1f}, good video {limit})',
    advice=f'more light, or less gain; {DEGRADED}',
    corruption='shot_noise',
)
motion_blur = _by_feature(
    'motion blur',
    lambda facts: facts.middle('direction_1'),
    limit=1.15,
    unit=0.2,
    detail='structure is missing in one direction ({value:.1f}, good video below {limit})',
    advice='a shorter shutter, or a camera that stands still',
    corruption='motion_blur',
    profile='bodycam',
)
fine_structure = _by_feature(
    'blur',
    lambda facts: facts.middle('high_2') - facts.middle('high_0'),
    limit=4.4,
    unit=0.3,
    detail='fine structure is missing (falls by {value:.1f} in two octaves, good video {limit})',
    advice=f'focus and clean the lens, or record at full resolution; {DEGRADED}',
    corruption='defocus',
)


def blur(facts: VideoFacts) -> Finding | None:
    """Fine structure that is missing in all directions; in one, it is motion blur."""
    return None if motion_blur(facts) else fine_structure(facts)


CHECKS: tuple[Check, ...] = (
    low_frame_rate,
    jitter,
    lost_frames,
    frozen_frames,
    damaged_frames,
    cut_off,
    blank_frames,
    cuts,
    shaking,
    small_people,
    compression,
    darkness,
    low_contrast,
    no_colour,
    noise,
    colour_noise,
    blur,
    motion_blur,
)
