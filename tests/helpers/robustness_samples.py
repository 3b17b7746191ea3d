"""Made-up results of the robustness benchmark."""

from vsd_mot.evaluation.robustness import (
    RobustnessResults,
    cell_names,
)


def made_up_results(path):
    results = RobustnessResults(path)
    for index, name in enumerate(('A', 'B')):
        results.add_model(name, config='a.py', checkpoint=None, digest='x')
        for cell in cell_names(['jpeg', 'fog'], [1, 2]):
            severity = int(cell.split('/')[1]) if '/' in cell else 0
            value = 0.8 - 0.1 * index - 0.2 * severity
            results.put(name, cell, dict(HOTA=value, DetA=value, AssA=value, IDF1=value))
    return results
