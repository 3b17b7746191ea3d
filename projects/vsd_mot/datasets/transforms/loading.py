"""Read frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmcv.transforms import LoadImageFromFile
from mmengine import fileio
from mmtrack.registry import TRANSFORMS

from ...images import decode_image, read_image


@TRANSFORMS.register_module()
class LoadFrame(LoadImageFromFile):
    """MMCV's image loader with errors that name the file, and a memory of one image.

    A clip may hold one frame several times (a still image, or a clip that runs beyond the last
    frame of its video): that file is then decoded once.

    Required Keys:

    - img_path (str)

    Added Keys:

    - img (uint8, (h, w, 3), BGR)
    - img_shape, ori_shape (h, w)

    Args:
        kwargs: As of :class:`mmcv.transforms.LoadImageFromFile`.

    Raises:
        FileNotFoundError: If there is no such image.
        ValueError: If the file is not an image or is cut off, or has another size than noted.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._last: dict | None = None

    def transform(self, results: dict) -> dict:
        """Load ``img_path``."""
        path = results['img_path']
        if self._last is None or self._last['img_path'] != path:
            self._last = self._load(path)
        frame = self._last
        noted = (results.get('height'), results.get('width'))
        if None not in noted and noted != frame['img_shape']:
            raise ValueError(
                f'{path} has {frame["img_shape"][1]} x {frame["img_shape"][0]} pixels, the '
                f'annotation file says {noted[1]} x {noted[0]}: the boxes are of another image, or '
                'of it before it was turned or resized. Convert the annotations again'
            )
        results['img'] = frame['img'].copy()
        results['img_shape'] = frame['img_shape']
        results['ori_shape'] = frame['ori_shape']
        return results

    def _load(self, path: str) -> dict:
        try:
            if self.color_type != 'color':  # grey pictures
                return super().transform(dict(img_path=path))
            image = self._read(path)
        except FileNotFoundError as error:
            raise FileNotFoundError(
                f'there is no image {path}: check data_root and data_prefix of the data set, and '
                'that the set is unpacked completely'
            ) from error
        except Exception as error:
            raise ValueError(
                f'{path} cannot be read as an image (empty, cut off or not an image): '
                f'copy or convert it again ({error})'
            ) from error
        if self.to_float32:
            image = image.astype(np.float32)
        size = image.shape[:2]
        return dict(img_path=path, img=image, img_shape=size, ori_shape=size)

    def _read(self, path: str) -> np.ndarray:
        if self.file_client_args is not None:
            client = fileio.FileClient.infer_client(self.file_client_args, path)
            return decode_image(client.get(path), path)
        if self.backend_args is not None or '://' in path:
            return decode_image(fileio.get(path, backend_args=self.backend_args), path)
        return read_image(path)
