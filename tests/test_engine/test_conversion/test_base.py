"""What the converters share."""

import pytest
import torch

from vsd_mot.engine.conversion.base import ConversionError, Rule, convert


def test_two_sources_for_one_weight_are_refused():
    rules = [Rule('a|b', 'x')]
    source = dict(a=torch.ones(1), b=torch.ones(1))
    with pytest.raises(ConversionError, match='b and a both want to be x'):
        convert(source, dict(x=torch.zeros(1)), rules, layout='', person_rows={})
