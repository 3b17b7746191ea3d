"""MMTracking's metric, for sets in which some sequences have no people."""

from __future__ import annotations

from pathlib import Path

from mmtrack.evaluation import MOTChallengeMetrics
from mmtrack.registry import METRICS

from .mot_files import EvaluationError


@METRICS.register_module()
class TrackingMetrics(MOTChallengeMetrics):
    """HOTA, CLEAR and Identity by TrackEval, as `MOTChallengeMetrics` computes them.

    That one writes no ground truth of a sequence without objects, on which TrackEval gives up when
    all sequences are tracked. Here such a sequence counts with its false positives. It has the
    arguments of `MOTChallengeMetrics`.
    """

    def _save_one_video_gts_preds(self, seq: str) -> None:
        super()._save_one_video_gts_preds(seq)
        Path(self.gt_dir, f'{seq}.txt').touch()

    def compute_metrics(self, results: list | None = None) -> dict:
        """Compute the metrics.

        Args:
            results: Not used, as in `MOTChallengeMetrics`.

        Returns:
            Value by the metric's name.

        Raises:
            EvaluationError: If no sequence has ground truth.
        """
        files = [Path(self.gt_dir, f'{seq}.txt') for seq in self.seq_info]
        if not self.format_only and not any(f.is_file() and f.stat().st_size for f in files):
            raise EvaluationError(
                f'none of the {len(files)} sequences has ground truth: there is nothing to score. '
                'To keep the tracks alone, set test_evaluator.format_only=True and '
                'test_evaluator.outfile_prefix=FOLDER'
            )
        return super().compute_metrics(results)
