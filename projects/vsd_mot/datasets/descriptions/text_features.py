"""Text features of a set's descriptions: encoded once, stored, looked up by video and identity."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...fileio import replacing
from .format import DescriptionError, VideoDescriptions


@dataclass
class VideoText:
    """Text features of a video.

    Attributes:
        scene: ``(K,)`` float32.
        identities: Identities of the ground truth that are described, ``(n,)`` int64, ascending.
        instances: Their features, ``(n, K)`` float32.
        background: Features for false positives, ``(K,)``; None: they have no text.
    """

    scene: np.ndarray
    identities: np.ndarray
    instances: np.ndarray
    background: np.ndarray | None = None

    def of(self, identities: np.ndarray, *, published: bool = False) -> np.ndarray:
        """Features of detections by identity, ``(n, K)``; NaN for who is not described.

        Args:
            identities: ``(n,)``; -1 for a false positive.
            published: Give false positives the first described person's features, as the published
                code does for MOT17 (SPEC 5.2).
        """
        rows = np.searchsorted(self.identities, identities)
        rows = np.minimum(rows, max(0, len(self.identities) - 1))
        features = np.full((len(identities), len(self.scene)), np.nan, dtype=np.float32)
        if len(self.identities):
            described = self.identities[rows] == identities
            features[described] = self.instances[rows[described]]
        false_positive = identities < 0
        if published and len(self.instances):
            features[false_positive] = self.instances[0]
        elif self.background is not None:
            features[false_positive] = self.background
        return features


class TextFeatures(Mapping):
    """Text features of the videos of a set, by name.

    Args:
        path: A file written by :func:`write_text_features`.

    Attributes:
        meta: The encoder that made them.

    Raises:
        FileNotFoundError: There is no such file.
        DescriptionError: It is none, or is damaged.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        if not Path(path).is_file():
            raise FileNotFoundError(
                f'there are no text features {path}: make them from descriptions with '
                'tools/dataset_converters/encode_descriptions.py, or train without language'
            )
        self._videos: dict[str, VideoText] = {}
        try:
            with np.load(path, allow_pickle=False) as file:
                self.meta = json.loads(str(file['meta']))
                for name in self.meta['videos']:
                    background = file.get(f'background/{name}')
                    text = VideoText(
                        file[f'scene/{name}'],
                        file[f'identities/{name}'],
                        file[f'instances/{name}'],
                        background,
                    )
                    _check(text, name)
                    self._videos[name] = text
        except Exception as error:  # zip archives and arrays fail in many ways
            raise DescriptionError(
                f'{path} holds no text features of this package, or is damaged ({error}): make it '
                'again with tools/dataset_converters/encode_descriptions.py'
            ) from error

    def __getitem__(self, name: str) -> VideoText:
        return self._videos[name]

    def __iter__(self):
        return iter(self._videos)

    def __len__(self) -> int:
        return len(self._videos)


def _check(text: VideoText, name: str) -> None:
    """Refuse features that cannot be such.

    Raises:
        ValueError: They are not finite, or of other shapes than identities and each other.
    """
    width = text.scene.shape[-1]
    features = [text.scene, text.instances]
    features += [] if text.background is None else [text.background]
    if not all(one.shape[-1] == width and np.isfinite(one).all() for one in features):
        raise ValueError(f'the features of {name} are not finite, or not of one width')
    if text.instances.ndim != 2 or text.identities.shape != text.instances.shape[:1]:
        raise ValueError(f'{name} has other identities than features')
    if (np.diff(text.identities) <= 0).any():
        raise ValueError(f'the identities of {name} are not in order')


def write_text_features(
    path: str | Path,
    videos: Sequence[VideoDescriptions],
    *,
    encode: Callable[[list[str]], np.ndarray],
    encoder: str,
) -> None:
    """Encode descriptions and store the features; every sentence is encoded once.

    Args:
        path: The file to write, ``.npz``.
        videos: Descriptions of each video.
        encode: Gives the features ``(n, K)`` of n sentences.
        encoder: Its name, kept in the file.
    """
    sentences = sorted({text for video in videos for text in video.sentences()})
    features = np.asarray(encode(sentences), dtype=np.float32)
    if features.shape[:1] != (len(sentences),) or not np.isfinite(features).all():
        raise ValueError(f'{encoder} gave features that are not finite, or not one a sentence')
    of = dict(zip(sentences, features))
    arrays = {}
    for video in videos:
        identities = sorted(video.instances)
        arrays[f'scene/{video.video}'] = of[video.scene.text]
        arrays[f'identities/{video.video}'] = np.array(identities, dtype=np.int64)
        arrays[f'instances/{video.video}'] = np.array(
            [of[video.instances[identity].text] for identity in identities], dtype=np.float32
        ).reshape(-1, features.shape[1])
        if video.background is not None:
            arrays[f'background/{video.video}'] = of[video.background]
    meta = dict(encoder=encoder, videos=[video.video for video in videos])
    with replacing(path) as partial, partial.open('wb') as file:
        np.savez_compressed(file, meta=np.array(json.dumps(meta)), **arrays)
