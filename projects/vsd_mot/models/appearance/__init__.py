"""Appearance vectors of people, for trackers that compare them."""

from .crops import crop_people
from .resnet_ibn import ReIDResNetIBN

__all__ = ['ReIDResNetIBN', 'crop_people']
