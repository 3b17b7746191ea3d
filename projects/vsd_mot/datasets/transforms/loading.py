"""Read frames."""

from __future__ import annotations

from mmcv.transforms import LoadImageFromFile
from mmtrack.registry import TRANSFORMS


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
        ValueError: If the file is not an image or is cut off.
    """

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._last: dict | None = None

    def transform(self, results: dict) -> dict:
        """Load ``img_path``."""
        path = results['img_path']
        if self._last is None or self._last['img_path'] != path:
            self._last = self._load(path)
        frame = self._last
        results['img'] = frame['img'].copy()
        results['img_shape'] = frame['img_shape']
        results['ori_shape'] = frame['ori_shape']
        return results

    def _load(self, path: str) -> dict:
        if path.lower().endswith(('.jpg', '.jpeg')):
            _check_jpeg_is_whole(path)
        try:
            return super().transform(dict(img_path=path))
        except FileNotFoundError as error:
            raise FileNotFoundError(
                f'there is no image {path}: check data_root and data_prefix of the data set, and '
                'that the set is unpacked completely'
            ) from error
        except Exception as error:
            raise ValueError(
                f'{path} cannot be read as an image (empty, cut off or not an image): '
                'copy or convert it again'
            ) from error


def _check_jpeg_is_whole(path: str) -> None:
    """Refuse a JPEG that was cut off, which OpenCV fills up with grey without a word.

    Args:
        path: The file; one that is not local is left to the decoder.

    Raises:
        ValueError: If the end-of-image marker is missing.
    """
    try:
        with open(path, 'rb') as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 4096))
            tail = file.read()
    except OSError:
        return
    if b'\xff\xd9' not in tail:
        raise ValueError(
            f'{path} cannot be read as an image: it ends before its end-of-image marker (it was '
            'probably cut off while being written or copied). Copy or convert it again'
        )
