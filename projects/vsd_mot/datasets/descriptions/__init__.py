"""Sentences about videos and the people in them, and their features."""

from .format import (
    FILE_NAME,
    DescriptionError,
    InstanceDescription,
    SceneDescription,
    VideoDescriptions,
    read_descriptions,
    require_identities,
)
from .text_features import TextFeatures, VideoText, write_text_features

__all__ = [
    'FILE_NAME',
    'DescriptionError',
    'InstanceDescription',
    'SceneDescription',
    'TextFeatures',
    'VideoDescriptions',
    'VideoText',
    'read_descriptions',
    'require_identities',
    'write_text_features',
]
