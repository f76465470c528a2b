"""Time that passes as fast as it can be computed: clock, timers, an asyncio loop."""
