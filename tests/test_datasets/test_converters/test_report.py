"""What a conversion says of the data that it changed or left out."""

from vsd_mot.datasets.converters.report import MAX_LISTED, ConversionReport


def test_counts_of_a_kind_and_source_add_up_and_the_first_example_stays():
    report = ConversionReport()
    report.add('boxes without area, left out', 'A', count=2, example='line 3')
    report.add('boxes without area, left out', 'A', count=1, example='line 9')
    report.add('boxes without area, left out', 'B')
    report.add('rows of class 7, left out', 'B', count=0)
    assert report.count('without area') == report.count('left out') == 4
    assert list(report.kinds()) == ['boxes without area, left out']
    report.line('2 sequences')
    assert str(report).splitlines() == [
        '4 x boxes without area, left out',
        '    A: 3, such as line 3',
        '    B',
        '2 sequences',
    ]


def test_a_long_list_of_sources_is_cut():
    report = ConversionReport()
    for number in range(MAX_LISTED + 5):
        report.add('kind', f'sequence {number}')
    assert str(report).splitlines()[-1] == '    ... and in 5 more'
    assert len(str(report).splitlines()) == MAX_LISTED + 2
