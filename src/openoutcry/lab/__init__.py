"""The exchange as an object: teams ask it in this process, without HTTP or WebSocket."""
