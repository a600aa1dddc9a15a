"""Which sentences count something? One key for each plural category of Unicode's CLDR."""

from __future__ import annotations

from django.utils.translation import ngettext

# A number of each category, in every language of ours that has the category for whole numbers.
CATEGORIES = {"one": 1, "few": 3, "many": 5, "other": 100}


def sentences() -> dict[str, str]:
    """Those of every page by `key.category`, in the language that is active now."""
    return asked() | asked_more() | asked_so_far() | may_choose() | waited() | seconds() | away()


def asked() -> dict[str, str]:
    """How many are asked at this moment, and what happens next."""
    return {
        f"asked.{category}": ngettext(
            "{n} volunteer is being asked. If they cannot come, we ask others.",
            "{n} volunteers are being asked. The first who answers helps you.",
            number,
        )
        for category, number in CATEGORIES.items()
    }


def asked_more() -> dict[str, str]:
    """How many are asked besides those whose phones ring already."""
    return {
        f"asked_more.{category}": ngettext(
            "{n} more volunteer is being asked.", "{n} more volunteers are being asked.", number
        )
        for category, number in CATEGORIES.items()
    }


def asked_so_far() -> dict[str, str]:
    """How many have been asked since the person began to wait."""
    return {
        f"asked_so_far.{category}": ngettext(
            "{n} person has been asked so far.", "{n} people have been asked so far.", number
        )
        for category, number in CATEGORIES.items()
    }


def may_choose() -> dict[str, str]:
    """The same, and what else than waiting there is to choose."""
    return {
        f"may_choose.{category}": ngettext(
            "{n} person has been asked so far. "
            "You can keep waiting, be called back or leave a question.",
            "{n} people have been asked so far. "
            "You can keep waiting, be called back or leave a question.",
            number,
        )
        for category, number in CATEGORIES.items()
    }


def waited() -> dict[str, str]:
    """How long somebody has been waiting, in whole minutes."""
    return {
        f"waited.{category}": ngettext(
            "{n} minute so far. We are still asking: whoever is free next, too.",
            "{n} minutes so far. We are still asking: whoever is free next, too.",
            number,
        )
        for category, number in CATEGORIES.items()
    }


def seconds() -> dict[str, str]:
    """The time left to answer a ring."""
    return {
        f"seconds.{category}": ngettext("{n} second", "{n} seconds", number)
        for category, number in CATEGORIES.items()
    }


def away() -> dict[str, str]:
    """How long the other person's connection has been lost in a call."""
    sentences = {}
    for category, number in CATEGORIES.items():
        sentences[f"away.seconds.{category}"] = ngettext(
            "Their connection has been lost for {n} second. You can wait, or end the call.",
            "Their connection has been lost for {n} seconds. You can wait, or end the call.",
            number,
        )
        sentences[f"away.minutes.{category}"] = ngettext(
            "Their connection has been lost for {n} minute. You can wait, or end the call.",
            "Their connection has been lost for {n} minutes. You can wait, or end the call.",
            number,
        )
    return sentences


def free() -> dict[str, str]:
    """How many others could be asked, for whoever thinks of handing over."""
    return {
        f"free.others.{category}": ngettext(
            "{n} other is free just now.", "{n} others are free just now.", number
        )
        for category, number in CATEGORIES.items()
    }
