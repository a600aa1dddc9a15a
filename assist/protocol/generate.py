"""What does the protocol look like to a page's author? Types for JS and a page to read.

Both are written from the structs themselves, so they cannot drift: `manage.py protocol --check`
fails when the files differ from what would be written.
"""

import inspect
from enum import Enum
from types import UnionType
from typing import get_args

import msgspec
from msgspec import inspect as shape

from assist.protocol import messages, states, views

HEAD = "// Written by `manage.py protocol` from assist/protocol. Change that, not this.\n"


def _alternatives(of: shape.UnionType) -> str:
    names = [typescript(one) for one in of.types if not isinstance(one, shape.NoneType)]
    nothing = ["null"] if of.includes_none else []
    return " | ".join([*names, *nothing])


def typescript(of: shape.Type) -> str:
    """One field's type as TypeScript spells it."""
    match of:
        case shape.Metadata():
            return typescript(of.type)
        case shape.BoolType():
            return "boolean"
        case shape.StrType():
            return "string"
        case shape.IntType() | shape.FloatType():
            return "number"
        case shape.ListType():
            inner = typescript(of.item_type)
            return f"({inner})[]" if " " in inner else f"{inner}[]"
        case shape.UnionType():
            return _alternatives(of)
        case shape.EnumType() | shape.StructType():
            return of.cls.__name__
        case shape.LiteralType():
            return " | ".join(f'"{value}"' for value in of.values)
    raise TypeError(f"no TypeScript for {of}")


def _members(union: UnionType) -> list[type]:
    return list(get_args(union))


def _struct(of: type) -> shape.StructType:
    info = shape.type_info(of)
    assert isinstance(info, shape.StructType)
    return info


def _nested() -> list[type]:
    """The structs and enumerations that messages are made of, in the order of their definition."""
    wanted = [states, views]
    found = []
    for module in wanted:
        for _, one in inspect.getmembers(module, inspect.isclass):
            if one.__module__ != module.__name__:
                continue
            if issubclass(one, Enum) or (issubclass(one, msgspec.Struct) and _is_view(one)):
                found.append(one)
    return found


def _is_view(one: type) -> bool:
    bases = (messages.ClientMessage, messages.ServerMessage)
    return not issubclass(one, bases)


def _interface(of: type) -> str:
    info = _struct(of)
    lines = [f"/** {inspect.getdoc(of)} */", f"export interface {of.__name__} {{"]
    if info.tag is not None:
        lines.append(f'  {info.tag_field}: "{info.tag}";')
    for field in info.fields:
        optional = "" if field.required else "?"
        lines.append(f"  {field.encode_name}{optional}: {typescript(field.type)};")
    return "\n".join([*lines, "}"])


def _enumeration(of: type[Enum]) -> str:
    values = " | ".join(f'"{member.value}"' for member in of)
    return f"/** {inspect.getdoc(of)} */\nexport type {of.__name__} = {values};"


def _union(name: str, union: UnionType, doc: str) -> str:
    names = "\n  | ".join(one.__name__ for one in _members(union))
    return f"/** {doc} */\nexport type {name} =\n  | {names};"


def declarations() -> str:
    """`protocol.d.ts`: every message, view and enumeration."""
    parts = [_enumeration(one) if issubclass(one, Enum) else _interface(one) for one in _nested()]
    parts += [_interface(one) for one in (*_members(messages.Client), *_members(messages.Server))]
    parts.append(_union("Client", messages.Client, "What a page may send."))
    parts.append(_union("Server", messages.Server, "What the server sends."))
    return HEAD + "\n" + "\n\n".join(parts) + "\n"


def _row(field: shape.Field) -> str:
    optional = "" if field.required else ", optional"
    kind = typescript(field.type).replace("|", "\\|")
    return f"| `{field.encode_name}` | {kind}{optional} |"


def _section(of: type) -> str:
    info = _struct(of)
    title = f"`{info.tag}`" if info.tag is not None else of.__name__
    lines = [f"### {title}", "", inspect.getdoc(of) or "", ""]
    if info.fields:
        lines += ["| field | type |", "|---|---|", *map(_row, info.fields), ""]
    return "\n".join(lines)


def _ends() -> str:
    rows = [f"| `{reason.value}` | {reason.sentence} |" for reason in states.EndReason]
    return "\n".join(["| reason | sentence |", "|---|---|", *rows, ""])


def page() -> str:
    """`docs/protocol.md`: every message in words."""
    views = [one for one in _nested() if not issubclass(one, Enum)]
    return "\n".join(
        [
            "# The protocol between pages and server",
            "",
            "Written by `manage.py protocol` from `assist/protocol`.",
            "",
            f"WebSockets at `/ws/requester/`, `/ws/volunteer/` and `/ws/monitor/`, subprotocol "
            f"`{messages.SUBPROTOCOL}`, JSON text of at most {messages.MESSAGE_BYTES} bytes. "
            "The first message on every socket is a Snapshot. Every later one that carries `seq` "
            "counts one up for this person: a page that sees a gap asks for its Snapshot again.",
            "",
            "## From the page",
            "",
            *map(_section, _members(messages.Client)),
            "## From the server",
            "",
            *map(_section, _members(messages.Server)),
            "## What they are made of",
            "",
            *map(_section, views),
            "## How a HelpRequest ends",
            "",
            _ends(),
        ]
    )
