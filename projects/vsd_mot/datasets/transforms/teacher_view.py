"""What the teacher of a distillation looks at."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from mmcv.transforms import BaseTransform
from mmtrack.registry import TRANSFORMS

from ...images import read_image

VIEWS = ('frame', 'clean')


def image_key(image: np.ndarray) -> str:
    """Digest of an image's pixels and size, under which a teacher's features of it are stored.

    Args:
        image: uint8 (h, w, 3), BGR.

    Returns:
        32 hexadecimal digits.
    """
    digest = hashlib.blake2b(repr(image.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(image).data)
    return digest.hexdigest()


@TRANSFORMS.register_module()
class LoadTeacherView(BaseTransform):
    """Keep a frame for the teacher as it is before geometry, colour jitter and degradation.

    It stands behind ``LoadFrame``. Since its view of a frame never changes, the teacher's features
    of it can be stored (``store`` of ``SemanticDistillation``, ``cache_teacher.py``). Without this
    transform the teacher sees what the tracker sees, augmented anew in every epoch.

    Required Keys:

    - img (uint8, (h, w, 3), BGR)
    - img_path (str)

    Added Keys:

    - teacher_img (uint8, (h', w', 3), BGR)
    - teacher_key (str): digest of its pixels

    Args:
        view: ``frame``: the frame as it is stored. ``clean``: its clean original where the
            frame is of a low-quality set made by ``make_lq.py``, so that the student learns
            semantics that survive degradation; other frames are their own original.
        clean_roots: For ``clean``: the root folder of each low-quality set, and that of the set it
            was made from, or those of several sets.

    Raises:
        ValueError: If ``view`` is neither, or ``clean`` has no ``clean_roots``.
        FileNotFoundError: If a frame's clean original is not there.
    """

    def __init__(
        self, view: str = 'frame', clean_roots: dict[str, str | list[str]] | None = None
    ) -> None:
        if view not in VIEWS:
            raise ValueError(f'view={view!r}: choose one of {", ".join(VIEWS)}')
        if (view == 'clean') != bool(clean_roots):
            raise ValueError(
                "view='clean' and clean_roots=dict(LOW_QUALITY_ROOT=CLEAN_ROOT) belong together"
            )
        self.view = view
        self.clean_roots = {
            Path(low).absolute(): [Path(clean)] if isinstance(clean, str) else [*map(Path, clean)]
            for low, clean in (clean_roots or {}).items()
        }

    def transform(self, results: dict) -> dict:
        """Add the teacher's view of a frame."""
        original = self.clean_path(results['img_path'])
        # a copy: colour jitter works in place
        image = results['img'].copy() if original is None else _read(original, results['img_path'])
        results['teacher_img'] = image
        results['teacher_key'] = image_key(image)
        return results

    def clean_path(self, img_path: str) -> Path | None:
        """Where the clean original of a frame lies; None where the frame is its own."""
        path = Path(img_path).absolute()
        for low, clean in self.clean_roots.items():
            if path.is_relative_to(low):
                originals = [root / path.relative_to(low) for root in clean]
                return next((path for path in originals if path.is_file()), originals[0])
        return None

    def load(self, img_path: str) -> np.ndarray:
        """Load the view of a frame by its path, as ``transform`` makes it of the loaded frame."""
        return _read(self.clean_path(img_path) or Path(img_path), img_path)

    def __repr__(self) -> str:
        return f'{type(self).__name__}(view={self.view!r}, clean_roots={self.clean_roots})'


def _read(path: Path, needed_by: str) -> np.ndarray:
    if not path.is_file():
        raise FileNotFoundError(
            f'there is no {path}, which the teacher is to see in place of {needed_by}: check '
            'clean_roots, and that both sets are unpacked completely'
        )
    return read_image(path)
