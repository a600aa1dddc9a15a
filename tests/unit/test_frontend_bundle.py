"""Does the one file of a page say what its modules say, and nothing else?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.jslexer import Token, tokenize
from django.core.management import call_command
from django.test import override_settings

from assist.lib.bundle import BundleError, bundle, modules_of, resolved, wrapped
from assist.lib.env import ROOT

JS = ROOT / "frontend" / "js"
PAGES = sorted(f"pages/{path.name}" for path in JS.glob("pages/*.js"))
MODULES = sorted(path.relative_to(JS).as_posix() for path in JS.glob("*/*.js"))


def text_of(name: str) -> str:
    return (JS / name).read_text(encoding="utf-8")


def tokens(text: str) -> list[str]:
    """What a script says, without comments and white space, by a lexer that is not ours."""
    told: Iterator[Token] = tokenize(text, jsx=False)
    return [token.value for token in told if not token.type.endswith("comment")]


def expected(name: str) -> list[str]:
    """The module's own tokens, with its imports and exports as they stand in one file."""
    said, body, exports = tokens(text_of(name)), [], []
    while said:
        if said[0] == "import" and said[1] != "(":
            end = said.index(";")
            body += constant(name, said[1:end])
            said = said[end + 1 :]
        elif said[0] == "export":
            kind = 2 if said[1] == "async" else 1
            exports.append(said[kind + 1])
            said = said[1:]
        else:
            body.append(said.pop(0))
    kept = tokens(f'modules["{name}"] = (() => {{')
    return [*kept, *body, *tokens(f"return {{ {', '.join(exports)} }}; }})();")]


def constant(name: str, imported: list[str]) -> list[str]:
    *what, word, path = imported
    assert word == "from"
    names = what[2:] if what[0] == "*" else [":" if one == "as" else one for one in what]
    return ["const", *names, *tokens(f'= modules["{resolved(name, path[1:-1])}"];')]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_in_the_bundle_what_it_says_by_itself(name: str) -> None:
    assert tokens(wrapped(name, text_of(name))) == expected(name)


def test_a_module_comes_after_those_that_it_needs() -> None:
    order = modules_of("a/a.js", {
        "a/a.js": 'import { b } from "./b.js";\nimport { c } from "../c/c.js";\n',
        "a/b.js": 'import * as c from "../c/c.js";\nexport const b = c.c;\n',
        "c/c.js": "export const c = 1;\n",
    }.__getitem__)  # fmt: skip
    assert order == ["c/c.js", "a/b.js", "a/a.js"]


def test_what_the_page_has_run_is_not_run_again() -> None:
    texts = {
        "a.js": 'import { b } from "./b.js";\nexport class A {}\n',
        "b.js": "export const b = 1;\n",
    }
    late = bundle("a.js", texts.__getitem__, already=["b.js"])
    assert 'modules["b.js"] =' not in late
    assert 'const { b } = modules["b.js"];' in late
    assert late.endswith('export const { A } = modules["a.js"];\n')


@pytest.mark.parametrize(
    "line",
    [
        "export let changing = 1;",
        "export default class {}",
        "export { a };",
        'export * from "./b.js";',
        'import whole from "./b.js";',
        'import "./b.js";',
        "const here = import.meta.url;",
    ],
)
def test_what_one_file_cannot_say_is_refused(line: str) -> None:
    with pytest.raises(BundleError):
        wrapped("a.js", f"const a = 1;\n{line}\n")


def test_a_module_that_imports_itself_is_refused() -> None:
    texts = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    with pytest.raises(BundleError, match=r"a\.js imports itself"):
        modules_of("a.js", texts.__getitem__)


def test_each_collected_page_is_one_file_with_a_hash_of_all_that_is_in_it(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    for page in PAGES:
        (hashed,) = (tmp_path / "js/pages").glob(f"{Path(page).stem}.????????????.js")
        text = hashed.read_text(encoding="utf-8")
        assert text.startswith("const modules")
        assert "\nimport " not in text
        sizes = [(hashed.parent / f"{hashed.name}{end}").stat().st_size for end in (".br", ".gz")]
        assert sizes == sorted(sizes)
    (whole,) = (tmp_path / "js/pages").glob("requester.????????????.js")
    (late,) = (tmp_path / "js/pages").glob("requester_late.????????????.js")
    assert 'modules["call/photo.js"] =' in whole.read_text(encoding="utf-8")
    assert 'modules["call/photo.js"] =' not in late.read_text(encoding="utf-8")
    others = [path for path in (tmp_path / "js").glob("*/*.*.js") if path.parent.name != "pages"]
    assert others == []  # whatever else has a hash would be a second copy of a module
