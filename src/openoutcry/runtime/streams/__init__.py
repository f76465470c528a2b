"""What readers get: private streams, public channels, and the connections they leave by."""
