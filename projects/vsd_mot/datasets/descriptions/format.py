"""Descriptions of a video: a sentence about its scene and one about each person in it.

A JSON file, ``descriptions.json`` in the sequence's folder::

    {"video": "MOT17-02-SDP",
     "scene": {"camera": "static", "viewpoint": "medium", "weather": "sunny",
               "text": "A scene captured by static camera from medium viewpoint on sunny day."},
     "instances": {"1": {"gender": "male", "shirt": "red", "pants": "black",
                         "text": "A male person wearing red shirt and black pants."}},
     "background": {"text": "background"},
     "source": "by hand"}

``instances`` is keyed by the identity in ``gt/gt.txt``; who is not described has no text in
training. Without ``text`` the sentence is made from the attributes; an attribute that is not known
is left out. ``background``, for false positives, and ``source``, who wrote it, may be absent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TypeVar

from ...data_files import read_json
from ...errors import DataFileError, TrackingError
from ...fileio import write_atomically

FILE_NAME = 'descriptions.json'
MAX_TEXT = 500  # characters; CLIP reads 77 tokens and leaves out the rest


class DescriptionError(TrackingError, ValueError):
    """Descriptions that cannot be used; the message says which file, where in it, and why."""


@dataclass
class SceneDescription:
    """One video: camera, viewpoint, weather, and the sentence.

    The sentence follows LG-MOT's template where none is given.
    """

    camera: str | None = None
    viewpoint: str | None = None
    weather: str | None = None
    text: str = ''

    def __post_init__(self) -> None:
        if not self.text:
            parts = ['A scene captured']
            parts += [f'by {self.camera} camera'] if self.camera else []
            parts += [f'from {self.viewpoint} viewpoint'] if self.viewpoint else []
            parts += [f'on {self.weather} day'] if self.weather else []
            self.text = ' '.join(parts) + '.'


@dataclass
class InstanceDescription:
    """One person: gender, colours of shirt and pants, and the sentence.

    The sentence follows LG-MOT's template where none is given.
    """

    gender: str | None = None
    shirt: str | None = None
    pants: str | None = None
    text: str = ''

    def __post_init__(self) -> None:
        if not self.text:
            person = f'A {self.gender} person' if self.gender else 'A person'
            clothes = [f'{self.shirt} shirt'] if self.shirt else []
            clothes += [f'{self.pants} pants'] if self.pants else []
            wearing = f' wearing {" and ".join(clothes)}' if clothes else ''
            self.text = f'{person}{wearing}.'


@dataclass
class VideoDescriptions:
    """What is said about a video.

    Attributes:
        video: Name of the sequence.
        scene: Of the whole video.
        instances: By identity in the ground truth.
        background: Sentence for false positives, or None.
        source: Who or what wrote it.
    """

    video: str
    scene: SceneDescription
    instances: dict[int, InstanceDescription] = field(default_factory=dict)
    background: str | None = None
    source: str = ''

    def sentences(self) -> list[str]:
        """All sentences."""
        texts = [self.scene.text, *(instance.text for instance in self.instances.values())]
        return texts if self.background is None else [*texts, self.background]

    def require_identities(self, identities: Iterable[int], where: str) -> None:
        """Make sure that everybody who is described exists.

        Args:
            identities: Identities of the ground truth.
            where: Named in the error.

        Raises:
            DescriptionError: If not; names them.
        """
        require_identities(self.video, self.instances, identities=identities, where=where)

    def write(self, path: str | Path) -> None:
        """Write the JSON file."""
        content: dict = dict(video=self.video, scene=_known(self.scene))
        content['instances'] = {str(k): _known(v) for k, v in sorted(self.instances.items())}
        if self.background is not None:
            content['background'] = dict(text=self.background)
        if self.source:
            content['source'] = self.source
        write_atomically(path, json.dumps(content, indent=1) + '\n')


def require_identities(
    video: str, described: Iterable[int], *, identities: Iterable[int], where: str
) -> None:
    """See :meth:`VideoDescriptions.require_identities`."""
    missing = sorted(set(described) - set(identities))
    if missing:
        names = ', '.join(map(str, missing[:5]))
        raise DescriptionError(
            f'{where} describes {len(missing)} identities of {video} that its ground truth does '
            f'not have ({names}): the keys of "instances" are the identities of gt/gt.txt. '
            'Correct or remove them'
        )


def _known(description: SceneDescription | InstanceDescription) -> dict:
    return {key: value for key, value in asdict(description).items() if value is not None}


def read_descriptions(path: str | Path) -> VideoDescriptions:
    """Read and validate a description file.

    Raises:
        DescriptionError: If it cannot be read or does not keep to the format; says where.
    """
    path = Path(path)
    try:
        content = read_json(path)
    except DataFileError as error:
        raise DescriptionError(f'{path} cannot be read as JSON: {error}') from error
    _require_keys(
        content, str(path), wanted={'video', 'scene', 'instances'}, allowed={'background', 'source'}
    )
    video = content['video']
    if not isinstance(video, str) or not video:
        raise DescriptionError(f'{path}: "video" must be the name of the sequence, not {video!r}')
    where = f'{path}, "instances"'
    if not isinstance(content['instances'], dict):
        raise DescriptionError(f'{where} must be an object, keyed by identity')
    instances = {}
    for key, value in content['instances'].items():
        if not key.isdecimal() or len(key) > 18:  # fits into 64 bits
            raise DescriptionError(f'{where}: {key[:40]!r} is no identity, which is a whole number')
        if int(key) in instances:
            raise DescriptionError(f'{where}: identity {int(key)} is described twice')
        instances[int(key)] = _description(InstanceDescription, value, f'{where}, {key}')
    background = content.get('background')
    if background is not None:
        _require_keys(background, f'{path}, "background"', wanted={'text'}, allowed=set())
        background = _text(background['text'], f'{path}, "background"')
    return VideoDescriptions(
        video=video,
        scene=_description(SceneDescription, content['scene'], f'{path}, "scene"'),
        instances=instances,
        background=background,
        source=_text(content['source'], f'{path}, "source"') if content.get('source') else '',
    )


_Described = TypeVar('_Described', SceneDescription, InstanceDescription)


def _description(kind: type[_Described], value: object, where: str) -> _Described:
    attributes = _require_keys(
        value, where, wanted=set(), allowed={attribute.name for attribute in fields(kind)}
    )
    return kind(**{key: _text(text, f'{where}, "{key}"') for key, text in attributes.items()})


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise DescriptionError(f'{where} must be a text, not {value!r}')
    if len(value) > MAX_TEXT or not value.isprintable():
        reason = f'has {len(value)} characters, and {MAX_TEXT} are read'
        if not value.isprintable():
            reason = 'holds characters that cannot be shown'
        raise DescriptionError(f'{where} {reason}: {value[:60]!a}')
    return value


def _require_keys(value: object, where: str, *, wanted: set[str], allowed: set[str]) -> dict:
    if not isinstance(value, dict):
        raise DescriptionError(f'{where} must be an object')
    if missing := wanted - value.keys():
        raise DescriptionError(f'{where}: {", ".join(sorted(missing))} missing')
    if unknown := value.keys() - wanted - allowed:
        known = ', '.join(sorted(wanted | allowed))
        raise DescriptionError(
            f'{where}: unknown {", ".join(map(repr, sorted(unknown)))}; known are {known}'
        )
    return value
