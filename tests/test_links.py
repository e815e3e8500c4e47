"""Promise: no link is broken, none leaves the reader's language by surprise, and no address of an institution is misspelt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tools.docs import Docs, WriteDocs
from tools.finding import At, Expect, Problem
from tools.rules.links import CHECKS, check_inner_links, check_names_of_links, check_official_names, check_outer_links


@pytest.mark.parametrize("check", CHECKS)
def test_links(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


HEAD = "---\ntype: guide\n---\n"


@pytest.mark.parametrize(("check", "body", "at"), [
    (check_inner_links, "[b](../en/b.md)", ("link-other-language", "docs/es/a.md", 4)),
    (check_inner_links, "[b](b.md)", ("link-broken", "docs/es/a.md", 4)),
    (check_inner_links, "[b](#nada)", ("anchor-broken", "docs/es/a.md", 4)),
    (check_outer_links, "[b](https://example.com/)",
     ("host-unknown", "docs/es/a.md", 4)),
    (check_outer_links, "[b](http://www.iess.gob.ec/)", ("link-not-https", "docs/es/a.md", 4)),
    (check_inner_links, "[b](javascript:alert)", ("link-not-a-page", "docs/es/a.md", 4)),
    (check_names_of_links, "[www.iess.gob.ec](https://www.gob.ec/)",
     ("link-text-lies", "docs/es/a.md", 4)),
    (check_official_names, "Entre a www.iess-clave.com", ("address-not-official", "docs/es/a.md", 4)),
    (check_official_names, "Entre a www.iess.gov.ec", ("address-not-official", "docs/es/a.md", 4)),
    (check_official_names, "Entre a iess.net.ec", ("address-not-official", "docs/es/a.md", 4)),
])
def test_a_bad_link_is_named(check: Callable[..., Iterator[Problem]], body: str, at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check(write_docs({"es/a.md": HEAD + body}))] == [at]


def test_a_wrong_address_may_be_shown_as_code(write_docs: WriteDocs) -> None:
    assert not list(check_official_names(write_docs({"es/a.md": HEAD + "No es `iess.net.ec`; es www.iess.gob.ec."})))
