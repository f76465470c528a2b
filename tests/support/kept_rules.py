"""The scenario that a data directory keeps, edited by hand."""

from openoutcry.runtime.data_directory import DataDirectory


def edit_rules(path, old=b'"self_trade_prevention": "expire_taker"', new=b'"self_trade_prevention": "expire_maker"'):
    """Change the rules in `scenario.json`; the hash of the exchange that wrote it."""
    directory = DataDirectory(path)
    content = directory.scenario.read_bytes()
    assert content.count(old) == 1
    written_hash = directory.kept_scenario().hash
    directory.scenario.write_bytes(content.replace(old, new))
    return written_hash
