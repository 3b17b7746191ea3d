"""Tracks as CSV and Parquet, read by pandas and pyarrow."""

import pandas as pd
import pyarrow.parquet as pq
import pytest

from class_tracks import BOXES, FACTS, flat, frame_result, street, written
from vsd_mot.video.writers import tables
from vsd_mot.video.writers.tables import COLUMNS, CsvWriter, ParquetWriter


def rows_of(frame):
    return sorted(
        (row.frame, row.track, row.label, (row.x_min, row.y_min, row.x_max, row.y_max))
        for row in frame.itertuples()
    )


def test_csv_is_read_by_pandas(tmp_path):
    frame = pd.read_csv(written(CsvWriter(tmp_path / 'a.csv', FACTS)))
    assert tuple(frame.columns) == COLUMNS
    assert rows_of(frame) == flat(street())
    assert set(frame['class']) == {'person', 'car'}
    assert frame.time.max() == pytest.approx(0.4)


def test_parquet_is_read_by_pyarrow(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, 'ROWS_A_GROUP', 2)
    path = written(ParquetWriter(tmp_path / 'a.parquet', FACTS))
    content = pq.read_table(path)
    assert pq.ParquetFile(path).num_row_groups == 3
    assert content.num_rows == BOXES
    assert content.schema.metadata[b'video'] == b'street'
    assert content.schema.metadata[b'fps'] == b'10'
    data = content.to_pydict()
    corners = zip(*(data[name] for name in ('x_min', 'y_min', 'x_max', 'y_max')))
    rows = zip(data['frame'], data['track'], data['label'], corners)
    assert sorted(rows) == flat(street())
    assert data['class'].count('car') == 3


def test_names_with_commas_and_damage(tmp_path):
    result = frame_result(0, [(1, 0, (0, 0, 9, 9))], classes=('a, "b"',), damage='frozen')
    frame = pd.read_csv(written(CsvWriter(tmp_path / 'a.csv', FACTS), [result]))
    assert frame['class'][0] == 'a, "b"'
    assert frame.damage[0] == 'frozen'


def test_a_parquet_that_cannot_be_completed_is_not_there(tmp_path):
    writer = ParquetWriter(tmp_path / 'a.parquet', FACTS)
    writer.write(street()[0], None)
    writer._rows['track'].append('no number')
    with pytest.raises(Exception, match=r'no number|lengths|integer'):
        writer.close()
    assert not list(tmp_path.iterdir())
