"""The picture of the robustness benchmark."""

import numpy as np

from robustness_samples import made_up_results
from vsd_mot.evaluation.robustness.figure import draw


def test_picture_has_a_panel_for_each_corruption_and_their_mean(tmp_path):
    figure = draw(made_up_results(tmp_path / 'results.json'))
    panels = [axes for axes in figure.axes if axes.get_title()]
    assert [axes.get_title() for axes in panels] == ['JPEG', 'Fog', 'Mean of all']
    for axes in panels:
        assert len(axes.lines) == 2
        np.testing.assert_allclose(axes.lines[0].get_ydata(), [80, 60, 40])
        np.testing.assert_allclose(axes.lines[1].get_ydata(), [70, 50, 30])
