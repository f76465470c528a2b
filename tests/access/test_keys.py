"""Keys of teams and of the organiser: how they are made, kept and refused."""

import pytest

from openoutcry.access.keys import UnusableKey, hash_key, new_key, organiser_key
from openoutcry.runtime.entropy import SYSTEM_ENTROPY


def test_keys_are_long_random_and_fit_a_header():
    keys = {new_key(SYSTEM_ENTROPY) for _ in range(100)}

    assert len(keys) == 100
    assert all(len(key) == 43 and key.isascii() and key.isprintable() for key in keys)
    assert len(hash_key(b"key")) == 32


def test_the_organisers_key_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "admin.key"

    key = organiser_key(path, None)

    assert path.read_text() == f"{key}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert organiser_key(path, None) == key


def test_a_given_key_is_used_and_not_kept(tmp_path):
    path = tmp_path / "admin.key"

    assert organiser_key(path, "a-key-of-my-own-choice") == "a-key-of-my-own-choice"
    assert not path.exists()


@pytest.mark.parametrize(
    "key", ["", "short", "with a space in the middle", "ключ-из-других-букв", "tab\tin the key itself"]
)
def test_a_key_that_cannot_do_is_refused_with_the_rule(tmp_path, key):
    with pytest.raises(UnusableKey, match="at least 16 visible ASCII characters"):
        organiser_key(tmp_path / "admin.key", key)


def test_a_key_file_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "admin.key"
    organiser_key(path, None)
    path.chmod(0o644)

    with pytest.raises(UnusableKey, match=f"chmod 600 {path}"):
        organiser_key(path, None)


def test_an_empty_key_file_is_refused(tmp_path):
    path = tmp_path / "admin.key"
    path.touch(0o600)

    with pytest.raises(UnusableKey, match=f"the key in {path} cannot be used"):
        organiser_key(path, None)
