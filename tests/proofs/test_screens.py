"""What the proof of the screens says of what it has measured; the browser is not needed for that."""

import pytest

from proofs.screens.page import Span
from proofs.screens.proof import judge

MEGABYTE = 1_000_000


def span(*, frames=600, again=0, megabytes=8):
    return Span(
        seconds=10.0,
        frames=frames,
        longest_gap_ms=30.0,
        late_frames=0,
        drawings=frames,
        frames_drawn_again=again,
        script_share=0.1,
        layout_share=0.1,
        task_share=0.4,
        heap_bytes=megabytes * MEGABYTE,
        nodes=5_000,
    )


def failed(spans, *, told=2_000, waiting=0, errors=()):
    report = judge(85, 2_000, spans, [told] * len(spans), [waiting] * len(spans), errors)
    return [check.claim for check in report.checks if not check.holds]


def test_a_page_that_keeps_up_passes():
    assert failed([span(megabytes=size) for size in (5, 7, 8, 8, 8, 8)]) == []


@pytest.mark.parametrize(
    ("spans", "told", "claim"),
    [
        ([span(frames=490)] * 6, {}, "50 frames a second on average"),
        ([span(), span(again=1), span()], {}, "the page is drawn at most once a frame"),
        ([span()] * 6, {"waiting": MEGABYTE}, "the page takes all that it is told, as it is told"),
        ([span()] * 6, {"told": 1_900}, "the page takes all that it is told, as it is told"),
        ([span(megabytes=size) for size in (5, 6, 8, 8, 9, 9)], {}, "memory is flat"),
        ([span()] * 6, {"errors": ["wrong"]}, "no error on the console"),
    ],
)
def test_a_page_that_does_not_fails_by_name(spans, told, claim):
    assert failed(spans, **told) == [claim]
