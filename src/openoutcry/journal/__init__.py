"""The truth on disk: every command with its place, time and verdict, in append-only segment files.

Layer 3. Knows files and threads, not asyncio; knows what a command looks like, not what it does.
"""
