"""The house against its own rules: who may import whom, how long a file and a function may be."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "asdg_portal"
FLOORS = (
    "core",
    "cities papers",
    "accounts",
    "jobs",
    "mail moderation search",
    "surveys",
    "practices",
    "home insights shelf",
    "api",
    "demo",
)
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names.split()}
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.parent != PACKAGE)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW = 300, 40, 20
ROUTE = re.compile(r"\.(route|get|post|put|patch|delete)\b")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(tree: ast.AST) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def _is_view(function: Function) -> bool:
    return any(ROUTE.search(ast.unparse(decorator)) for decorator in function.decorator_list)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_point_down(path: Path) -> None:
    home = path.relative_to(PACKAGE).parts[0]
    for node in ast.walk(ast.parse(path.read_text())):
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        assert module != "asdg_portal", "the root package is the factory; nobody imports it"
        if module.startswith("asdg_portal."):
            package = module.split(".")[1]
            assert package == home or FLOOR[package] < FLOOR[home], f"{home} imports {package}"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=_name)
def test_files_and_functions_are_short_and_import_nothing_inside(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LONGEST_FILE
    for function in _functions(ast.parse(text)):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        limit = LONGEST_VIEW if _is_view(function) else LONGEST_FUNCTION
        assert length <= limit, f"{function.name} has {length} lines"
        hidden = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not hidden, f"{function.name} imports inside"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_transactions_commit(path: Path) -> None:
    # The writer of the index has a commit of its own; it is no transaction of the database.
    if path.name != "unit_of_work.py":
        assert ".commit(" not in path.read_text().replace("writer.commit()", "")


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_templates_never_compare_states_or_roles(path: Path) -> None:
    decided = re.search(
        r"\{[%{][^}]*\b(state|role|status)\b\s*(==|!=|\bin\b|\bis\b)", path.read_text()
    )
    assert not decided, "ask the policy or the workflow instead"


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_templates_have_nothing_that_the_csp_forbids(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\s(style|on[a-z]+)=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\|\s*safe\b", text), "user text is escaped"
