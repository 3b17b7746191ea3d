"""A diagnosis as one HTML page that needs no other file."""

from __future__ import annotations

import base64
import html
import io

import cv2
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ...visualization.pages import whole_page
from .measuring import PictureFacts, VideoFacts
from .report import PRINTED, loss_in_words

WORST = 4


def as_page(report: dict, facts: VideoFacts) -> str:
    """Return the page.

    Args:
        report: Of :func:`as_dict`.
        facts: The measurements, for curves and pictures.
    """
    name = html.escape(report['video'])
    rows = ''.join(
        f'<tr><td>{html.escape(key)}</td><td>{html.escape(text)}</td></tr>'
        for key, text in report['overview'].items()
    )
    faults = ''.join(_fault(number, one) for number, one in enumerate(report['faults'], start=1))
    faults = faults or '<p class="fine">No fault was found.</p>'
    return whole_page(
        report['video'],
        f'<h1>{name}</h1><table>{rows}</table><h2>Faults</h2>{faults}'
        f'{_curves(facts)}{_worst(facts)}',
    )


def _fault(number: int, fault: dict) -> str:
    name = fault['profile']
    profile = f'<br>Profile: <code>{html.escape(name)}</code>' if name else ''
    return (
        f'<div class="fault"><b>{number}. {html.escape(fault["fault"])}</b>: '
        f'{html.escape(fault["detail"])}<br>Expected: '
        f'{html.escape(loss_in_words(fault["expected_hota_loss"]))}<br>Advice: '
        f'{html.escape(fault["advice"])}{profile}</div>'
    )


def _curves(facts: VideoFacts) -> str:
    if len(facts.pictures) < 2:
        return ''
    times = [one.time for one in facts.pictures]
    figure = Figure(figsize=(9, 1.25 * (len(PRINTED) + 2)), dpi=90, layout='constrained')
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(PRINTED) + 2, 1)
    panels[0].plot(times, [one.quality for one in facts.pictures], color='#2f9e6e')
    panels[0].set_title('quality Q', fontsize=9, loc='left')
    for panel, (feature, title) in zip(panels[1:], PRINTED.items()):
        panel.plot(times, [one.features[feature] for one in facts.pictures], color='#0072b2')
        panel.set_title(title, fontsize=9, loc='left')
    panels[-1].plot(facts.times[1:], 1000 * np.diff(facts.times), color='#d55e00', linewidth=0.8)
    panels[-1].set_title('milliseconds from frame to frame', fontsize=9, loc='left')
    panels[-1].set_xlabel('seconds')
    data = io.BytesIO()
    figure.savefig(data, format='png')
    return f'<h2>Over time</h2>{_image(data.getvalue(), "image/png", "curves over time")}'


def _worst(facts: VideoFacts) -> str:
    worst = sorted(facts.pictures, key=lambda one: one.quality)[:WORST]
    pictures = ''.join(_picture(one) for one in worst)
    return f'<h2>The frames of lowest quality</h2>{pictures}' if worst else ''


def _picture(one: PictureFacts) -> str:
    data = cv2.imencode('.jpg', one.picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
    caption = f'frame {one.number}, {one.time:.2f} s, Q {one.quality:.2f}'
    image = _image(data, 'image/jpeg', caption)
    return f'<figure>{image}<figcaption>{caption}</figcaption></figure>'


def _image(data: bytes, kind: str, alt: str) -> str:
    text = base64.b64encode(data).decode()
    return f'<img alt="{html.escape(alt)}" src="data:{kind};base64,{text}">'
