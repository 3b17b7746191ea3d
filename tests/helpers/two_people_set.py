"""Two people of two colours who pass each other, as a set and as configs that use it."""

import json

import cv2
import numpy as np
import torch
from mmtrack.registry import DATASETS
from mmtrack.utils import register_all_modules

from lgmot_samples import hierarchy_config
from vsd_mot.commands import appearance
from vsd_mot.datasets.descriptions import (
    InstanceDescription,
    SceneDescription,
    VideoDescriptions,
    write_text_features,
)
from vsd_mot.datasets.proposals import write_proposals
from vsd_mot.models.graph_tracking.message_passing import EdgeScores
from vsd_mot.models.text import BagOfWordsEncoder

FRAMES, SIZE = 12, (96, 128)
COLOURS = ((0, 0, 220), (220, 60, 0))


def person_boxes(frame):
    """Two people who pass each other; (x1, y1, x2, y2)."""
    return np.array(
        [[10 + 6 * frame, 5, 26 + 6 * frame, 45], [90 - 6 * frame, 50, 106 - 6 * frame, 94.0]]
    )


def write_set(root, numbers=range(1, FRAMES + 1)):
    """Two videos in MOTChallenge layout with annotations and proposals."""
    videos, images, annotations, proposals = [], [], [], []
    for video_id, name in enumerate(('A', 'B'), start=1):
        videos.append(dict(id=video_id, name=name, fps=10))
        folder = root / 'train' / name / 'img1'
        folder.mkdir(parents=True)
        for frame_id, number in enumerate(numbers):
            boxes = person_boxes(number)
            picture = np.full((*SIZE, 3), 128, np.uint8)
            for (x1, y1, x2, y2), colour in zip(boxes.astype(int), COLOURS):
                picture[y1:y2, x1:x2] = colour
            file_name = f'train/{name}/img1/{number:06d}.png'
            cv2.imwrite(str(root / file_name), picture)
            images.append(
                dict(
                    id=len(images) + 1, video_id=video_id, file_name=file_name, height=SIZE[0],
                    width=SIZE[1], frame_id=frame_id, mot_frame_id=number,
                )
            )  # fmt: skip
            proposals.append((file_name, SIZE, boxes + 1, np.full(2, 0.9)))
            for person, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
                annotations.append(
                    dict(
                        id=len(annotations) + 1, image_id=len(images), video_id=video_id,
                        category_id=1, bbox=[x1, y1, x2 - x1, y2 - y1],
                        area=(x2 - x1) * (y2 - y1), iscrowd=False, visibility=1.0, mot_conf=1.0,
                        instance_id=10 * video_id + person, mot_instance_id=person + 1,
                    )
                )  # fmt: skip
    content = dict(
        videos=videos,
        images=images,
        annotations=annotations,
        categories=[dict(id=1, name='pedestrian')],
    )
    (root / 'annotations').mkdir()
    (root / 'annotations' / 'train.json').write_text(json.dumps(content))
    write_proposals(root / 'train.proposals', proposals)
    return root


def make_vectors(root):
    config = root / 'encoder.py'
    config.write_text("model = dict(appearance=dict(type='ColourStripes', stripes=4))\n")
    arguments = [str(config), '--data-root', str(root), '--proposals', 'train.proposals']
    assert appearance.main(arguments) == 0


def describe(root, people=(1, 2)):
    videos = [
        VideoDescriptions(
            name,
            SceneDescription(camera='static'),
            {person: InstanceDescription(shirt=f'colour{person}') for person in people},
        )
        for name in ('A', 'B')
    ]
    encoder = BagOfWordsEncoder()
    write_text_features(
        root / 'text.npz', videos, encode=lambda texts: encoder(texts).numpy(), encoder=encoder.name
    )


def dataset_config(root, **changes):
    return (
        dict(
            type='TrackClipDataset',
            data_root=str(root),
            ann_file='annotations/train.json',
            data_prefix=dict(img_path=''),
            proposal_file='train.proposals',
            appearance_file='train.appearance',
            description_file='text.npz',
            pipeline=[],
        )
        | changes
    )


def build_dataset(root, **changes):
    register_all_modules(init_default_scope=True)
    dataset = DATASETS.build(dataset_config(root, **changes))
    dataset.full_init()
    return dataset


def tracker_config(**changes):
    return (
        dict(
            type='GraphTracker',
            data_preprocessor=dict(type='DetectionDataPreprocessor'),
            hierarchy=hierarchy_config(width=12),
            stitcher=dict(type='ClipStitcher'),
            finishing=dict(type='TrackFinishing'),
            appearance=dict(type='ColourStripes', stripes=4),
            frame_rate=10.0,
        )
        | changes
    )


def perfect(model):
    """Let people of one colour be one person: no weights need to be trained."""

    def score(level, graph):
        source, target = graph.edges
        likeness = (graph.nodes[source] - graph.nodes[target]).norm(dim=1) < 2
        gap = graph.edge_features[:, 0]
        logits = torch.where(likeness, 5 - gap, torch.tensor(-5.0))
        return EdgeScores(logits[None], torch.zeros(1, len(gap), 16), graph.nodes)

    model.hierarchy.score = score
    return model


def write_whole_set(root):
    """The set with appearance vectors and text features."""
    write_set(root)
    make_vectors(root)
    describe(root)
    return root
