"""Do the words of the wire hold against careless and hostile pages, and match their types?"""

import json
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assist.lib.env import ROOT
from assist.lib.ids import new_id
from assist.protocol import generate, messages
from assist.protocol.codec import BadMessage, decode_client, encode_server, name_of
from assist.protocol.states import EndReason, Refusal

ID = "0" * 32


def test_a_message_comes_out_as_it_went_in() -> None:
    text = '{"type":"help.ask","languages":["en","da"],"camera":true,"microphone":false}'
    message = decode_client(text)
    assert message == messages.HelpAsk(languages=["en", "da"], camera=True, microphone=False)
    assert name_of(message) == "help.ask"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"type":"help.erase"}',
        '{"type":"beat","hidden":false,"more":1}',
        '{"type":"offer.accept"}',
        f'{{"type":"offer.accept","offer":"{ID}\\n"}}',
        f'{{"type":"offer.accept","offer":"{ID.upper()[:-1]}G"}}',
        '{"type":"help.ask","languages":[],"camera":true,"microphone":true}',
        '{"type":"help.ask","languages":["english"],"camera":true,"microphone":true}',
        f'{{"type":"leg.answer","help_request":"{ID}","number":0,"description":"v=0"}}',
        f'{{"type":"leg.answer","help_request":"{ID}","number":1.5,"description":"v=0"}}',
        b"\xff\xfe",
        "[" * 60_000,
    ],
)
def test_what_is_no_message_is_refused_as_malformed(text: str | bytes) -> None:
    with pytest.raises(BadMessage) as refused:
        decode_client(text)
    assert refused.value.code == Refusal.MALFORMED


def test_a_message_over_its_bound_is_refused_unread() -> None:
    with pytest.raises(BadMessage) as refused:
        decode_client(b" " * (messages.MESSAGE_BYTES + 1))
    assert refused.value.code == Refusal.TOO_LARGE


@given(some.one_of(some.text(), some.binary()))
def test_no_input_raises_anything_else(text: str | bytes) -> None:
    try:
        decode_client(text)
    except BadMessage:
        return


def test_the_log_line_of_a_refusal_carries_nothing_of_the_message() -> None:
    with pytest.raises(BadMessage) as refused:
        decode_client('{"type":"beat","hidden":"canary"}')
    assert "canary" not in str(refused.value)


def test_every_message_has_a_docstring_and_a_wire_name_of_its_own() -> None:
    every = [*typing.get_args(messages.Client), *typing.get_args(messages.Server)]
    assert all(one.__doc__ for one in every)
    names = [one.__struct_config__.tag for one in every]
    assert len(set(names)) == len(names) > 25


def test_a_fact_carries_its_type_and_the_plain_reason() -> None:
    fact = messages.HelpEnded(seq=7, help_request=ID, call=None, reason=EndReason.CANCELLED)
    assert json.loads(encode_server(fact)) == {
        "type": "help.ended",
        "seq": 7,
        "help_request": ID,
        "call": None,
        "reason": "cancelled",
    }


def test_each_end_has_a_sentence() -> None:
    assert all(reason.sentence.endswith(".") for reason in EndReason)
    assert EndReason("cancelled") is EndReason.CANCELLED


def test_the_written_types_and_page_are_the_structs() -> None:
    assert (ROOT / "frontend/js/protocol.d.ts").read_text() == generate.declarations()
    assert (ROOT / "docs/protocol.md").read_text() == generate.page()


def test_new_ids_sort_by_time_and_never_repeat() -> None:
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(len(one) == 32 and one[12] == "7" and one[16] in "89ab" for one in ids)
    assert [one[:12] for one in ids] == sorted(one[:12] for one in ids)
