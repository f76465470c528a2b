"""Names of teams and owners: allowed characters, how a name is kept, and which names are too similar."""

import sys
import unicodedata

import msgspec
import pytest

from openoutcry.protocol.requests import Name

ALPHA = "Alpha"
LIKE_ALPHA = [
    "alpha",
    "ALPHA",
    "Ａｌｐｈａ",  # full-width letters
    "\u0410lpha",  # a Cyrillic A
    "\u0391lph\u0430",  # a Greek A and a Cyrillic a
    "𝐀𝐥𝐩𝐡𝐚",  # mathematical letters
    "A1pha",
    "AIpha",
]
ALIKE = [
    ("Café", "Cafe\u0301"),
    ("Straße", "STRASSE"),
    ("Team 1", "Team l"),
    ("Team 0", "Team O"),
    ("Maker", "rnaker"),
    ("paypal", "\u0440\u0430\u0443\u0440\u0430l"),
    ("ﬁsh", "Fish"),
    ("Ωmega", "\u2126mega"),  # the letter, and the sign of the unit
]
DIFFERENT = [("Team 1", "Team 2"), ("Will", "Wili"), ("Café", "Cafe"), ("😀", "😃"), ("a b", "ab"), ("日本", "日木")]


@pytest.mark.parametrize("name", ["", " Alpha", "Alpha ", "A\nb", "Al  pha", "Al\u00a0pha", "Al\u3000pha", "x" * 65, 7])
async def test_a_team_needs_a_proper_name(api, name):
    for field in ("team_name", "owner"):
        reply = await api.post("/teams", {"team_name": ALPHA} | {field: name})
        assert reply.refusal == (400, "MALFORMED_REQUEST")
        assert reply.error["details"]["field"] == field


async def test_no_name_holds_characters_that_nobody_sees(api):
    unseen = [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}
        or (unicodedata.category(character) == "Zs" and character != " ")
    ]
    for character in [*unseen, "\u2800", "\u3164", "\U0001d159"]:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(f"Al{character}pha", Name)
    reply = await api.post("/teams", {"team_name": "Al\u200bpha"})
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    for words in ("1 to 64 characters", "single spaces", "no control, formatting or invisible characters", '"Alpha"'):
        assert words in reply.error["message"]


async def test_a_long_name_of_blanks_is_refused_in_no_time(api):
    assert (await api.post("/teams", {"team_name": "a " * 30_000})).refusal == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize("name", ["Ålpha & Söhne", "阿尔法", "Команда 7", "🚀 Rockets", "\u0301", "x" * 64])
async def test_a_name_may_be_in_any_script(api, name):
    assert (await api.post("/teams", {"team_name": name})).data["team_name"] == name


async def test_a_name_is_kept_in_nfc(api):
    reply = await api.post("/teams", {"team_name": "Cafe\u0301"})
    assert reply.data["team_name"] == "Caf\u00e9"
    (team,) = (await api.organiser.get("/admin/teams")).data["teams"]
    assert team["team_name"] == "Caf\u00e9"


async def test_a_name_that_nfc_makes_too_long_is_refused(api):
    name = "\u0958" * 40  # two characters each in NFC
    reply = await api.post("/teams", {"team_name": name})
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert "has 80 characters" in reply.error["message"]


async def test_names_of_teams_are_unique(api):
    await api.team(ALPHA)
    assert (await api.post("/teams", {"team_name": ALPHA})).refusal == (409, "DUPLICATE_TEAM_NAME")


@pytest.mark.parametrize("name", LIKE_ALPHA)
async def test_a_name_that_looks_like_another_is_refused_and_the_other_is_named(api, name):
    await api.team("Beta")
    await api.team(ALPHA)
    reply = await api.post("/teams", {"team_name": name})
    assert reply.refusal == (409, "DUPLICATE_TEAM_NAME")
    assert reply.error["details"] == {"team_name": name, "resembles": ALPHA}
    assert f"looks like '{ALPHA}'" in reply.error["message"]


@pytest.mark.parametrize(("one", "other"), [*ALIKE, *(pair[::-1] for pair in ALIKE)])
async def test_whichever_comes_first_the_other_is_refused(api, one, other):
    await api.team(one)
    assert (await api.post("/teams", {"team_name": other})).refusal == (409, "DUPLICATE_TEAM_NAME")


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
async def test_names_that_a_reader_tells_apart_are_both_let_in(api, one, other):
    await api.team(one)
    await api.team(other)


async def test_numbered_teams_are_told_apart(api):
    for number in range(120):
        await api.team(f"Team {number}")


async def test_a_refused_look_alike_leaves_nothing_in_the_journal(api, exchange):
    await api.team(ALPHA)
    before = exchange.sequencer.last_sequence
    await api.post("/teams", {"team_name": "alpha"})
    assert exchange.sequencer.last_sequence == before


async def test_an_owner_who_has_teams_is_joined_only_with_a_key_of_one_of_them(api):
    mine = await api.team("Alpha", owner="Ann")
    stranger = await api.team("Beta")
    for other in (api, stranger):
        reply = await other.post("/teams", {"team_name": "Gamma", "owner": "Ann"})
        assert reply.refusal == (401, "UNAUTHENTICATED")
    assert (await mine.post("/teams", {"team_name": "Gamma", "owner": "Ann"})).status == 200


async def test_an_owner_who_looks_like_another_is_refused_and_the_other_is_named(api):
    mine = await api.team("Alpha", owner="Ann")
    for caller in (api, mine):
        reply = await caller.post("/teams", {"team_name": "Gamma", "owner": "\u0410nn"})
        assert reply.refusal == (401, "UNAUTHENTICATED")
        assert "looks like 'Ann'" in reply.error["message"]
    assert (await api.post("/teams", {"team_name": "Gamma", "owner": "Bob"})).status == 200


async def test_an_owner_is_kept_in_nfc(api):
    mine = await api.team("Alpha", owner="Jose\u0301")
    assert (await mine.post("/teams", {"team_name": "Beta", "owner": "Jos\u00e9"})).status == 200
