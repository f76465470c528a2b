"""The proof that nothing acknowledged is ever lost: a server killed again and again under load, and every word it gave
its bots held against the journal that it left.
"""
