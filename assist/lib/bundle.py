"""How do a page's modules become one file, so that a slow line carries one request and not fifty?

Each module becomes a function that is called once, in the order in which a browser would run them,
and what it exports is kept under its name. A later file of the same page finds it there, so that
both have the same instance. Nothing is renamed and nothing left out but comments and indentation;
what is not understood is refused: tests/unit/test_frontend_bundle.py holds that both say the same.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection

Read = Callable[[str], str]

COMMENT = re.compile(r"/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*|^[ \t]*//.*$", re.MULTILINE)
LINE_END = re.compile(r"\s*\n\s*")
IMPORT = re.compile(
    r'^import (?:\{(?P<names>[^}]*)\}|\* as (?P<all>\w+)) from "(?P<path>\.[^"]+)";$', re.MULTILINE
)
EXPORT = re.compile(
    r"^export (?P<declared>(?:async )?(?:function|const|class) (?P<name>\w+))", re.MULTILINE
)
FOREIGN = re.compile(r"^(?:import|export)\b(?!\().*|import\.meta", re.MULTILINE)
START = "const modules = (globalThis.assistModules ??= {});\n"


class BundleError(ValueError):
    """A module says something that one file cannot say."""


def bundle(entry: str, read: Read, already: Collection[str] = ()) -> str:
    """One module of all that `entry` imports, as `pages/requester.js`, and what it exports.

    `read` gives the text of a module by its name, `already` names those that the page has run.
    """
    parts = [wrapped(name, read(name)) for name in modules_of(entry, read) if name not in already]
    names = EXPORT.findall(read(entry))
    exports = ", ".join(name for _, name in names)
    end = f'export const {{ {exports} }} = modules["{entry}"];\n' if names else ""
    return START + "".join(parts) + end


def modules_of(entry: str, read: Read) -> list[str]:
    """`entry` and all that it imports, each after those that it needs itself."""
    order: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise BundleError(f"{name} imports itself, by way of {' and '.join(above)}")
        if name in order:
            return
        for found in IMPORT.finditer(read(name)):
            visit(resolved(name, found["path"]), (*above, name))
        order[name] = None

    visit(entry, ())
    return list(order)


def resolved(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def wrapped(name: str, text: str) -> str:
    """The module as a function's body."""
    exports = ", ".join(found["name"] for found in EXPORT.finditer(text))
    body = IMPORT.sub(lambda found: imported(name, found), COMMENT.sub("", text))
    body = LINE_END.sub("\n", EXPORT.sub(r"\g<declared>", body)).strip()
    if foreign := FOREIGN.search(body):
        raise BundleError(f"{name} says {foreign[0]!r}, which one file of all modules cannot say")
    return f'modules["{name}"] = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();\n'


def imported(name: str, found: re.Match[str]) -> str:
    """An import as a constant. Nobody exports what changes, so both mean the same."""
    names = found["all"] or f"{{{found['names'].replace(' as ', ': ')}}}"
    return f'const {names} = modules["{resolved(name, found["path"])}"];'
