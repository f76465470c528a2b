"""The truth on disk: every command with its place, time and verdict, in append-only segment files.

It knows files and threads, not asyncio; it knows what a command looks like, not what it does.
"""
