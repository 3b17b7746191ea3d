"""What goes between "queries of this frame" and "decoder": semantics, their fusion, quality."""

from .branch import FrameDescription, FrameQualityScore, SemanticBranch, SemanticOutput

__all__ = ['FrameDescription', 'FrameQualityScore', 'SemanticBranch', 'SemanticOutput']
