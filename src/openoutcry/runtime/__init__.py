"""The asyncio shell around the venue: clock, sequencer, coordination of waiting answers, publisher, recovery.

Rules of trading live below; HTTP and WebSocket live above.
"""
