"""The HTTP and WebSocket edge: authenticate, rate-limit, decode, call, encode.

It decides nothing about trading: it asks the exchange and writes the answers.
"""
