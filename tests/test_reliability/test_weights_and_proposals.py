"""Weights and proposals that are not what they are taken for: a line that says where."""

import numpy as np
import pytest
import torch

from command_runs import assert_line
from toy_runner import ToyModel
from vsd_mot.commands import convert_proposals
from vsd_mot.datasets.proposals import ProposalStore, write_proposals
from vsd_mot.engine.weights import load_checkpoint
from vsd_mot.errors import CheckpointError


def test_a_proposal_file_of_before_is_sealed_by_who_trusts_it(tmp_path, capsys):
    new, old = tmp_path / 'new.proposals', tmp_path / 'old.proposals'
    write_proposals(new, [('a.jpg', (9, 9), np.array([[0, 0, 5, 5]]), [0.5])])
    old.write_bytes(new.read_bytes()[:-32].replace(b'"version": 2', b'"version": 1'))
    with pytest.raises(ValueError, match=r'old\.proposals is of version 1.*convert proposals seal'):
        ProposalStore(old)
    assert convert_proposals.main(['seal', str(old), str(tmp_path / 'sealed')]) == 0
    assert ProposalStore(tmp_path / 'sealed')['a.jpg'].scores.tolist() == [0.5]
    assert convert_proposals.main(['to-det-db', str(old), str(tmp_path / 'x.json')]) == 1
    assert_line(capsys.readouterr().err, 'convert_det_db', 'no digest')


WEIGHTS = {
    'whole numbers': (lambda w: w.int(), 'int32, strided; expected dense floats'),
    'booleans': (lambda w: w > 0, 'bool, strided; expected dense floats'),
    'out of range': (lambda w: w.double() * 1e300 + 1e300, 'leaves the range of torch.float32'),
    'complex': (lambda w: w.to(torch.complex64), 'is complex'),
    'sparse': (lambda w: w.to_sparse(), 'is sparse or without values'),
    'zeros': (lambda w: w * 0, 'all weights are 0'),
}


@pytest.mark.parametrize('kind', WEIGHTS)
def test_weights_of_another_kind(tmp_path, kind):
    change, message = WEIGHTS[kind]
    model, path = ToyModel(), tmp_path / 'w.pth'
    torch.save(dict(state_dict={k: change(v) for k, v in model.state_dict().items()}), path)
    with pytest.raises(CheckpointError, match=rf'w\.pth: .*{message}'):
        load_checkpoint(model, path)
