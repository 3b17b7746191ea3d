"""True descriptions of synthetic sequences: the set knows clothes, camera and weather."""

from __future__ import annotations

import cv2
import numpy as np

from ..descriptions import InstanceDescription, SceneDescription, VideoDescriptions
from .renderer import SequenceRenderer

SOURCE = 'the synthetic set itself'
WEATHER = dict(sun='sunny', overcast='cloudy', dusk='dusky', night='dark')
# Names of colours with a typical one, RGB.
COLOURS = {
    'black': (25, 25, 25),
    'gray': (120, 120, 120),
    'white': (235, 235, 235),
    'red': (190, 40, 40),
    'orange': (225, 125, 40),
    'yellow': (215, 205, 60),
    'green': (60, 150, 60),
    'turquoise': (60, 170, 170),
    'blue': (50, 80, 190),
    'purple': (130, 60, 160),
    'pink': (220, 130, 170),
    'brown': (115, 75, 45),
}


def colour_name(colour: np.ndarray) -> str:
    """Name a colour.

    Args:
        colour: ``(3,)`` BGR, 0 to 255.

    Returns:
        That of ``COLOURS`` which is nearest in CIE L*a*b*.
    """
    table = np.array([list(COLOURS.values())], dtype=np.float32) / 255
    wanted = np.clip(np.asarray(colour, dtype=np.float32)[None, None, ::-1] / 255, 0, 1)
    distance = cv2.cvtColor(table, cv2.COLOR_RGB2LAB) - cv2.cvtColor(wanted, cv2.COLOR_RGB2LAB)
    return list(COLOURS)[int(np.linalg.norm(distance[0], axis=1).argmin())]


def viewpoint_name(heights: list[float], frame_height: int) -> str:
    """Name the viewpoint by how large people are: 'low' (near), 'medium' or 'high' (far)."""
    share = float(np.median(heights)) / frame_height if heights else 0.0
    return 'low' if share > 0.5 else 'medium' if share > 0.25 else 'high'


def describe_sequence(name: str, renderer: SequenceRenderer) -> VideoDescriptions:
    """Describe a sequence from what it is drawn with; nothing is rendered.

    People have no gender in this set, so that their sentences do not name one.

    Args:
        name: Of the sequence.
        renderer: Of the sequence, before or after rendering.
    """
    people, heights = {}, []
    ground = renderer.scene.ground
    for states in renderer.states:
        for state in states:
            heights.append(state.look.stature * ground.scale(state.away))
            if state.track_id not in people:
                people[state.track_id] = InstanceDescription(
                    shirt=colour_name(state.look.shirt), pants=colour_name(state.look.trousers)
                )
    scene = SceneDescription(
        camera=renderer.camera_kind,
        viewpoint=viewpoint_name(heights, renderer.size[1]),
        weather=WEATHER[renderer.lighting],
    )
    return VideoDescriptions(name, scene, people, background='background', source=SOURCE)
