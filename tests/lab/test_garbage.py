"""How often Python looks for garbage during a match, and afterwards."""

import gc

import pytest

from openoutcry.lab.garbage import NEW_OBJECTS, seldom_collected


def test_it_is_as_before_afterwards_also_if_the_match_fails():
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold()[0] == NEW_OBJECTS > before[0]
    assert gc.get_threshold() == before
    with pytest.raises(KeyError), seldom_collected():
        {}["lost"]
    assert gc.get_threshold() == before
