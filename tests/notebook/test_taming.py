"""HTML of a notebook stands in a larger page and harms nothing around it."""

from __future__ import annotations

import pytest

from planroom.notebook.taming import svg_address, tamed


def html(text: str) -> str:
    return tamed(text, prefix="n1-", links={"b.ipynb": "n2"}).html


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>a <b>b</b> &amp; &#8364; c</p>", "<p>a <b>b</b> &amp; &#8364; c</p>"),
        ("</div></section>a", "a"),
        ("<div><b>a", "<div><b>a</b></div>"),
        ("<div><b>a</div>b</b>", "<div><b>a</b></div>b"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a<li>b</ul>"),
        ("<script>a < b</script>c", "c"),
        ("<style>p{}</style><iframe srcdoc='x'>y</iframe>z", "z"),
        ("<!-- a -->b", "b"),
        ("<p onclick='x()' style='color:red'>a</p>", '<p style="color:red">a</p>'),
        ("<p style='background:url(https://a.example)'>a</p>", "<p>a</p>"),
        ("<p style='POSITION: fixed'>a</p>", "<p>a</p>"),
        ("<img src='https://a.example/x.png' alt='x'>", '<img alt="x">'),
        ("<img src='data:text/html,x' alt='x'>", '<img alt="x">'),
        ("<img src='data:image/png;base64,AA=='>", '<img src="data:image/png;base64,AA==">'),
        ("<a href='https://a.example/?a=1&amp;b=2'>a</a>", '<a href="https://a.example/?a=1&amp;b=2">a</a>'),
        ("<a href='javascript:x()'>a</a><a href='c.txt'>b</a>", "<a>a</a><a>b</a>"),
        ("<a href='../x/b.ipynb#Part'>b</a>", '<a href="#n2">b</a>'),
        ("<b id='x'>a</b><a href='#x'>b</a>", '<b id="n1-x">a</b><a href="#n1-x">b</a>'),
        ("<b id='x'></b><b id='x'></b>", '<b id="n1-x"></b><b id="n1-x-2"></b>'),
        ("<a href='#nowhere'>a</a>", "<a>a</a>"),
        ("<h2 id='A.b'>A.b</h2><a href='#ab'>a</a>", '<h2 id="n1-A.b">A.b</h2><a href="#n1-A.b">a</a>'),
        (
            "<svg viewBox='0 0 1 1'><g id='g'/><path fill='url(#g)'/></svg>",
            '<svg viewbox="0 0 1 1"><g id="n1-g"/><path fill="url(#n1-g)"/></svg>',
        ),
        ("<math><script>x</script></math><p>b</p>", "<p>b</p>"),
        ("a < b", "a &lt; b"),
    ],
)
def test_what_is_kept(given: str, kept: str) -> None:
    assert html(given) == kept


def test_headings_stand_lower_and_can_be_linked_to() -> None:
    found = tamed('<h1 id="A">A <code>b</code></h1><h6 id="C">C</h6>', prefix="n-", demote=1)

    assert found.html == '<h2 id="n-A">A <code>b</code></h2><h6 id="n-C">C</h6>'
    assert [(each.level, each.text, each.anchor) for each in found.headings] == [(1, "A b", "n-A"), (6, "C", "n-C")]


def test_a_drawing_as_an_address_holds_what_it_held() -> None:
    from urllib.parse import unquote

    drawing = '<svg a="1" b="it\'s"><text>100 % "so"  \n # &lt; &#9660;</text>\n</svg>'
    address = svg_address(drawing)

    assert not set('"\n#') & set(address.removeprefix("data:image/svg+xml,"))
    assert unquote(address.removeprefix("data:image/svg+xml,")) == drawing.replace('a="1"', "a='1'")
