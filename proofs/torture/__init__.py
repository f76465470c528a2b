"""The proof that nothing acknowledged is lost.

A server is killed many times under load. Everything that it told its bots is compared with the journal that it left.
"""
