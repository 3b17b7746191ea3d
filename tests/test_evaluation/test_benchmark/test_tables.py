"""Tables of a benchmark."""

from vsd_mot.evaluation.benchmark.tables import make_table, parameter_table


def result(name, total, *, plain, peak=None):
    found = dict(
        name=name, config='a/tiny.py', plain=plain, checkpointing='config',
        milliseconds=dict(backbone=total / 2, rest=total / 2, total=total),
        frames_per_second=1000 / total,
        parameters=dict(backbone=dict(all=1_500_000), total=dict(all=2_000_000)),
    )  # fmt: skip
    return found if peak is None else dict(found, memory=dict(peak=peak))


def cells(table):
    rows = [[cell.strip() for cell in line.strip('|').split('|')] for line in table.splitlines()]
    return {row[0]: row[1:] for row in rows}


def test_a_column_is_compared_with_the_reference_of_its_config():
    table = cells(
        make_table(
            [result('slow', 20.0, plain=True, peak=100), result('fast', 5.0, plain=False, peak=80)],
            train=False,
        )
    )
    assert table[''] == ['slow', 'fast']
    assert table['backbone (ms/frame)'] == ['10.0', '2.5']
    assert table['post-process and rest (ms/frame)'] == ['10.0', '2.5']
    assert table['frames per second'] == ['50.000', '200.000']
    assert table['time / reference'] == ['1.00', '0.25']
    assert table['memory / reference'] == ['1.00', '0.80']
    assert table['parameters (M)'] == ['2.00', '2.00']


def test_without_a_reference_there_is_no_ratio():
    table = cells(make_table([result('fast', 5.0, plain=False)], train=True))
    assert not [name for name in table if 'reference' in name]
    assert 'losses and rest (ms)' in table
    assert 'peak memory (MB)' not in table


def test_parameters_of_each_part():
    table = cells(parameter_table([result('one', 5.0, plain=False)]))
    assert table['parameters'] == ['tiny']
    assert table['backbone'] == ['1,500,000']
    assert table['total'] == ['2,000,000']
