"""Market-maker protection: settings, and resets of counters and freezes."""

from typing import Any, Final

from openoutcry.domain.commands import ResetQuoteProtection, SetQuoteProtection
from openoutcry.domain.day.game_rules import ProtectionRules
from openoutcry.domain.day.quote_protection import NO_PROTECTION, PPM
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.venue.checks.quotes import quotes_not_permitted
from openoutcry.venue.checks.sender import team_suspended
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.quote_protection import QuoteProtection
from openoutcry.venue.state.venue import VenueState


def judge_settings(state: VenueState, command: SetQuoteProtection) -> Verdict:
    """Limits are the team's own; the scenario says how long an interval and a freeze may be, and how small a move."""
    settings, rules = command.settings, state.rulebook.game.protection or ProtectionRules()
    verdict = judge_protection(state, command)
    if verdict is not ACCEPTED:
        return verdict
    if settings.has_limit and not settings.interval_seconds:
        return _malformed("interval_seconds", "A limit counts fills of an interval: say how long that is", 1, None)
    if settings.interval_seconds > rules.longest_interval_seconds:
        longest = rules.longest_interval_seconds
        return _malformed("interval_seconds", f"An interval lasts at most {longest} seconds", 1, longest)
    if settings.frozen_seconds > rules.longest_frozen_seconds:
        longest = rules.longest_frozen_seconds
        return _malformed(
            "frozen_seconds", f"A freeze lasts at most {longest} seconds, or (0) until a reset", 0, longest
        )
    if settings.move_ppm and not rules.least_move_ppm <= settings.move_ppm <= PPM:
        least = rules.least_move_ppm / PPM
        return _malformed(
            "move", f"move is a share from {least:g} to 1 of half a quote's spread, or 0 for none", least, 1
        )
    return ACCEPTED


def judge_protection(state: VenueState, command: SetQuoteProtection | ResetQuoteProtection) -> Verdict:
    team = state.team(command.team_id)
    if team.suspended:
        return team_suspended()
    if not team.rules.may_quote:
        return quotes_not_permitted(team)
    groups = state.option_underlyings()
    if command.group is None or command.group in groups:
        return ACCEPTED
    return Reject(
        ErrorCode.INVALID_INSTRUMENT,
        f"There are no options on {command.group!r}; a group is the options of one underlying, null stands for all",
        {"group": command.group, "groups": groups},
    )


def set_protection(state: VenueState, outcome: Outcome, command: SetQuoteProtection) -> None:  # noqa: ARG001
    """Counters begin anew under other settings; a freeze goes on."""
    team, settings = state.team(command.team_id), command.settings
    protection = team.protection
    if protection is None:
        if settings == NO_PROTECTION:
            return
        protection = team.protection = QuoteProtection()
    if command.group is None:
        protection.default = settings
        groups = list(protection.groups.values())
    elif protection.settings_of(command.group) == settings:
        groups = []
    else:
        groups = [protection.group(command.group)]
    for group in groups:
        if group.settings != settings:
            group.settings = settings
            group.start_anew()


def reset_protection(state: VenueState, outcome: Outcome, command: ResetQuoteProtection) -> None:  # noqa: ARG001
    protection = state.team(command.team_id).protection
    if protection is not None:
        for underlying, group in protection.groups.items():
            if command.group in (None, underlying):
                group.reset()


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(SetQuoteProtection, judge_settings, set_protection),
    Handler(ResetQuoteProtection, judge_protection, reset_protection),
)


def _malformed(field: str, message: str, minimum: object, maximum: object) -> Reject:
    return Reject(ErrorCode.MALFORMED_REQUEST, message, {"field": field, "minimum": minimum, "maximum": maximum})
