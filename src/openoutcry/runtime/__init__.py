"""The asyncio shell around the venue: clock, sequencer, coordination of waiting answers, publisher, recovery.

Layer 4. Rules of trading live below; HTTP and WebSocket live above.
"""
