"""Track a video with exported graphs: numpy, OpenCV and ONNX Runtime, nothing else.

vsd-mot export CONFIG CHECKPOINT --like clip.mp4 --out graphs
python track_with_onnx.py clip.mp4 graphs tracks.txt

For trackers with a detector and MOTRv2's lifecycle (`TrackLifecycle`). docs/export.md explains.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import onnxruntime


def corners(boxes):
    return np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1)


def suppress(boxes, order, threshold):
    """Return indices of the boxes (x1, y1, x2, y2) that no earlier one in `order` covers."""
    areas, kept = (boxes[:, 2:] - boxes[:, :2]).prod(1), []
    while len(order):
        first, order = order[0], order[1:]
        kept.append(first)
        low = np.maximum(boxes[first, :2], boxes[order, :2])
        high = np.minimum(boxes[first, 2:], boxes[order, 2:])
        shared = np.clip(high - low, 0, None).prod(1)
        order = order[shared <= threshold * (areas[first] + areas[order] - shared)]
    return np.array(kept, int)


def detect(found, settings, size):
    boxes, scores, labels = found['boxes'][0], found['scores'][0], found['labels'][0]
    keep = suppress(boxes, np.argsort(-scores, kind='stable'), settings['iou_threshold'])
    good = (scores[keep] > settings['score_thr']) & np.isin(labels[keep], settings['keep_labels'])
    boxes = boxes[keep[good]] / np.tile(size[::-1], 2).astype(np.float32)
    boxes = np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], 1)
    return dict(proposal_boxes=boxes, proposal_scores=scores[keep[good]])


def main(video, folder, out):
    known = json.loads((Path(folder) / 'graphs.json').read_text())
    rules, size = known['lifecycle'], known['size']
    sessions = {p.stem: onnxruntime.InferenceSession(p) for p in Path(folder).glob('*.onnx')}

    def run(name, **inputs):
        session = sessions[name]
        inputs = {one.name: inputs[one.name] for one in session.get_inputs()}
        return dict(zip([one.name for one in session.get_outputs()], session.run(None, inputs)))

    tracks = dict(
        references=np.zeros((0, 4), 'f'), contents=np.zeros((0, known['embed_dims']), 'f')
    )
    ids, missed, born, lines = np.zeros(0, int), np.zeros(0), 0, []
    capture = cv2.VideoCapture(video)
    number = 0
    while (image := capture.read()[1]) is not None:
        number += 1
        extent = np.tile(image.shape[1::-1], 2).astype(np.float32)
        frame = cv2.resize(image, size[::-1])[..., ::-1].transpose(2, 0, 1)[None].copy()
        seen = found = run('encoder', frames=frame)
        if known['detector_size']:
            found = run('detector', frames=frame)
        fresh = run('queries', **detect(found, known['detection'], size))
        queries = {name: np.concatenate([fresh[name], tracks[name]]) for name in tracks}
        quality = seen.get('quality', np.zeros((1, 4), 'f'))[0, :1].reshape(())
        step = run('step', **queries, **dict(seen, tokens=seen['tokens'][0], quality=quality))
        scores = 1 / (1 + np.exp(-step['logits'].max(1)))
        fresh_ids = np.full(len(scores) - len(ids), -1)
        ids, missed = np.append(fresh_ids, ids), np.append(fresh_ids * 0, missed)
        sure, missing = scores >= rules['birth_threshold'], scores < rules['keep_threshold']
        missed = np.where(sure, 0, missed) + ((ids >= 0) & missing)
        new = (ids < 0) & sure
        ids[new] = np.arange(born, born + new.sum())
        born += new.sum()
        ids[missing & (missed >= rules['miss_tolerance'])] = -1
        boxes = corners(step['boxes'])
        if rules['merge_iou']:
            visible = np.flatnonzero((ids >= 0) & ~missing)
            kept = suppress(boxes[visible], np.argsort(ids[visible]), rules['merge_iou'])
            ids[np.delete(visible, kept)] = -1
        boxes = boxes * extent
        large = (boxes[:, 2:] - boxes[:, :2]).prod(1) > rules['min_area']
        for row in np.flatnonzero((ids >= 0) & large & (scores > rules['report_threshold'])):
            x1, y1, x2, y2 = boxes[row]
            box = f'{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f}'
            lines.append(f'{number},{ids[row]},{box},{scores[row]:.4f},-1,-1,-1\n')
        alive = ids >= 0
        ids, missed = ids[alive], missed[alive]
        now = dict(queries, scores=scores, states=step['states'], boxes=step['boxes'])
        handed = run('handover', **{name: value[alive] for name, value in now.items()})
        tracks = {name: handed['next_' + name] for name in tracks}
    Path(out).write_text(''.join(lines))


if __name__ == '__main__':
    main(*sys.argv[1:])
