"""Which bots use wall time or chance of their own: a match that is played twice."""
