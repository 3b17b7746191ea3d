"""The handler alone: what of a head is kept."""

from pathlib import Path

import pytest
from defusedxml import sax

from vsd_mot.datasets.tracks.cvat_elements import CvatHandler
from vsd_mot.errors import DataFileError

JOB = b"""<annotations><meta><job><id>3</id><size>4</size><mode>interpolation</mode>
<labels><label><name>dog</name></label></labels><owner><name>nobody</name></owner></job></meta>
<track id="5" label="cat"><box frame="2" outside="0" occluded="0" xtl="1" ytl="2" xbr="3" ybr="4"/>
</track></annotations>"""


def test_a_job_instead_of_a_task():
    handler = CvatHandler(Path('a.xml'))
    sax.parseString(JOB, handler, forbid_dtd=True)
    assert handler.meta_number('size', 10) == 4
    with pytest.raises(
        DataFileError, match=r"a\.xml: size in its meta is '4', no whole number up to 3"
    ):
        handler.meta_number('size', 3)
    assert handler.meta_number('stop_frame', 3) is None
    assert handler.names == ['dog', 'cat']
    assert 'name' not in handler.meta
    assert handler.tracks[5].rows == [(2, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0)]
