"""Positions, cost, cash and fees, in exact integers.

Money is neither made nor lost here: what one side pays, the other side or the fee account receives.
"""
