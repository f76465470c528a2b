"""All connections of the exchange: their number, and those of each team."""

from openoutcry.domain.types import TeamId
from openoutcry.runtime.streams.connection import Connection
from openoutcry.runtime.streams.limits import DEFAULT_LIMITS, StreamLimits
from openoutcry.runtime.streams.team_stream import TeamStream


class Connections:
    """Counts connections, and knows those of each team."""

    def __init__(self, limits: StreamLimits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        """Those of each connection too."""
        self._all: dict[Connection, None] = {}
        self._of_teams: dict[TeamId, dict[Connection, None]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def attach(self, connection: Connection) -> bool:
        """Count the connection in; False when there are `max_connections` already."""
        if len(self._all) >= self.limits.max_connections:
            return False
        self._all[connection] = None
        return True

    def follow(self, connection: Connection, team_id: TeamId, stream: TeamStream, after_seq: int) -> None:
        """Give the connection this team's private stream from `after_seq` + 1 on."""
        self._of_teams.setdefault(team_id, {})[connection] = None
        connection.follow(team_id, stream, after_seq)

    def release(self, connection: Connection) -> None:
        """Take the connection's private stream away, and free its place among its team's connections."""
        if connection.team_id is not None:
            connection.leave()
            siblings = self._of_teams[connection.team_id]
            siblings.pop(connection, None)
            if not siblings:
                del self._of_teams[connection.team_id]
            connection.team_id = None

    def detach(self, connection: Connection) -> None:
        """Count the connection out, when its last byte has been written."""
        self._all.pop(connection, None)
        connection.end()

    def count_of(self, team_id: TeamId) -> int:
        """How many connections the team has. Those being closed do not count, because their clients may reconnect
        earlier.
        """
        return sum(connection.closing is None for connection in self._of_teams.get(team_id, ()))

    def close_all_of(self, team_id: TeamId, code: int, reason: str) -> None:
        """Ask for the end of all connections of this team."""
        for connection in self._of_teams.get(team_id, ()):
            connection.close(code, reason)

    async def disconnect_all(self, code: int, reason: str) -> None:
        """Close every connection; returns when each has been told, or does not read."""
        connections = list(self._all)
        for connection in connections:
            connection.close(code, reason)
        for connection in connections:
            await connection.ended()
