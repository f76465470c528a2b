"""What a refusal repeats of a client's text is short."""

from openoutcry.access.echoes import MAX_ECHO, MAX_SUGGESTED_NAME, echo, suggestion


def test_an_echo_is_the_text_or_its_beginning():
    assert echo("a" * MAX_ECHO) == "a" * MAX_ECHO
    assert echo("a" * (MAX_ECHO + 1)) == "a" * (MAX_ECHO - 1) + "…"


def test_only_a_short_name_is_compared_with_the_names_that_there_are():
    class Names(list):
        def __iter__(self):
            raise AssertionError("nothing is compared")

    assert suggestion("qantity", ["side", "quantity"]) == "quantity"
    assert suggestion("q" * (MAX_SUGGESTED_NAME + 1), Names()) is None
