"""The student: semantics of the frame from the queries alone."""

from __future__ import annotations

from mmtrack.registry import MODELS
from torch import Tensor, nn

from ..description import FrameDescription
from .parts import SemanticSource


@MODELS.register_module()
class StudentEncoder(SemanticSource):
    """Transformer encoder over a frame's query contents (VSD-MOT section III-A).

    It learns from a teacher that looks at the image, and needs none to run. At the defaults it
    has 0.66 M parameters, the paper's 0.7 M.

    Args:
        embed_dims: Width C of the query contents.
        hidden_dims: Width of the encoder.
        num_layers: Encoder layers. More imitate the teacher better, at the cost of time in every
            frame.
        num_heads: Attention heads.
        feedforward_dims: Width of the layers' FFN.
        dropout: Dropout of the encoder; 0 as everywhere in MOTRv2. Raising it regularises more.
    """

    def __init__(
        self,
        *,
        embed_dims: int = 256,
        hidden_dims: int = 128,
        num_layers: int = 3,
        num_heads: int = 8,
        feedforward_dims: int = 512,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.input_proj = nn.Linear(embed_dims, hidden_dims)
        layer = nn.TransformerEncoderLayer(
            d_model=hidden_dims,
            nhead=num_heads,
            dim_feedforward=feedforward_dims,
            dropout=dropout,
            batch_first=True,
        )
        # one frame has no padding: the nested form of the encoder has nothing to skip
        self.encoder = nn.TransformerEncoder(layer, num_layers, enable_nested_tensor=False)
        self.output_proj = nn.Linear(hidden_dims, embed_dims)
        # TransformerEncoder copies one layer: without this all layers start out the same
        for copy in self.encoder.layers:
            for parameter in copy.parameters():
                if parameter.ndim > 1:
                    nn.init.xavier_uniform_(parameter)

    def forward(self, contents: Tensor, description: FrameDescription | None = None) -> Tensor:
        """Encode each query's semantics (equations 1 to 3).

        Args:
            contents: (n, C) query contents X; n may be 0.
            description: Not used: the student has the queries alone.

        Returns:
            (n, C) semantics S.
        """
        if len(contents) == 0:
            return contents
        projected = self.input_proj(contents)  # eq. 1
        encoded = self.encoder(projected.unsqueeze(0)).squeeze(0)  # eq. 2
        return self.output_proj(encoded) + contents  # eq. 3
