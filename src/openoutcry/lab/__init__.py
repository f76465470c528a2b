"""The exchange as an object. Teams call it in the same process, without HTTP or WebSocket."""
