"""Strategies as short as can be, one a role, and two that try to rob others."""
