"""Appearance vectors of people, for trackers that compare them."""

from .backbone_features import BackboneFeatures
from .colour_stripes import ColourStripes
from .crops import crop_people
from .reid_model import ReIDModel
from .resnet_ibn import ReIDResNetIBN

__all__ = ['BackboneFeatures', 'ColourStripes', 'ReIDModel', 'ReIDResNetIBN', 'crop_people']
