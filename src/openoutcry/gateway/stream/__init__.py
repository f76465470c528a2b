"""The WebSocket: frames, messages of clients, sessions."""
