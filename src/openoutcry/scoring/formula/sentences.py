"""What a round's figures mean, said so that nobody needs to know statistics."""

from typing import Final

from openoutcry.scoring.formula.confidence import Estimate

ADVISED_MATCHES: Final = 20


def basis(matches: int, seeds: int, is_rotated: bool, roles: int) -> str:
    """On what a ranking rests, and whom it compares."""
    return " ".join(filter(None, (_matches(matches, is_rotated), _seeds(matches, seeds), _compared(is_rotated, roles))))


def _matches(matches: int, is_rotated: bool) -> str:
    if matches == 1:
        return (
            "The ranking rests on one match, which says nothing about how sure it is; "
            f"{ADVISED_MATCHES} with roles rotated are advised."
        )
    if matches < ADVISED_MATCHES:
        return f"The ranking rests on {matches} matches; {ADVISED_MATCHES} with roles rotated are advised."
    if not is_rotated:
        return f"The ranking rests on {matches} matches; to rotate roles is advised."
    return f"The ranking rests on {matches} matches with roles rotated."


def _seeds(matches: int, seeds: int) -> str:
    if seeds == matches:
        return ""
    drawn = "all from one seed" if seeds == 1 else f"from {seeds} seeds"
    return f"Their markets were drawn {drawn}: the order is less sure than the intervals say."


def _compared(is_rotated: bool, roles: int) -> str:
    if roles == 1:
        return "All teams played the same role."
    if is_rotated:
        return "Teams are ranked across roles: every team has played every role equally often."
    return "Teams are ranked within their roles: not every team has played every role equally often."


def comparison(ahead: str, behind: str, matches: int, lead: Estimate | None, p_value: float | None) -> str:
    """How sure it is that one is better than the other."""
    if lead is None:
        return f"{ahead} and {behind} have no match in common: nothing tells how sure their order is."
    if matches == 1:
        return f"{ahead} and {behind} have one match in common: nothing tells how sure their order is."
    met = f"in the {matches} matches that both played"
    if lead.mean == 0:
        return f"{ahead} and {behind} scored the same {met}."
    more, less = (ahead, behind) if lead.mean > 0 else (behind, ahead)
    scored = f"{more} scored {abs(lead.mean):.1f} points more than {less} {met}"
    if p_value is None:
        return f"{scored}, each time the same: nothing tells how much chance there is in it."
    often = _how_often(p_value)
    return f"{scored}. If both were equally good, chance would make a difference at least so large {often}."


def _how_often(p_value: float) -> str:
    if p_value < 0.001:
        return "in fewer than 1 of 1,000 rounds"
    if p_value < 0.1:
        return f"in {p_value * 1_000:.0f} of 1,000 rounds"
    return f"in {p_value * 100:.0f} of 100 rounds"
