"""A data directory holds teams' actions and hashes of their keys. Only its owner can read it, or a copy of it."""

from journals import last_segment
from recovery_stage import build, start, traded_directory


async def test_every_file_of_a_data_directory_is_its_owner_s_alone(tmp_path):
    await traded_directory(tmp_path)
    build(tmp_path)
    segment = last_segment(tmp_path / "journal")
    segment.write_bytes(segment.read_bytes()[:-3])
    start(tmp_path).close()

    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert {path.suffix for path in files} == {"", ".segment", ".torn", ".snapshot", ".jsonl", ".json"}
    assert [path for path in files if path.stat().st_mode & 0o777 != 0o600] == []
