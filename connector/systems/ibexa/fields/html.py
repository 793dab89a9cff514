"""HTML into a small tree, whatever its state: unclosed tags, wrong nesting, entities, comments. No network, no DTDs."""

from __future__ import annotations

from html.parser import HTMLParser

from msgspec import Struct, field

_VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}
)
TOLD = frozenset({"iframe", "object", "svg", "math", "video", "audio", "canvas", "embed"})
"""What is dropped with all it holds, and was something to look at: it stays in the tree, empty."""
_DROPPED = TOLD - {"embed"} | {"script", "style", "head", "title", "template", "noscript"}
_BLOCKS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "div",
        "section",
        "article",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "dl",
        "dt",
        "dd",
    ]
)
_CLOSES = {"li": {"li"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"}, "th": {"td", "th"}, "dt": {"dt", "dd"}}
_CLOSES |= {"dd": {"dt", "dd"}}
MAX_DEPTH = 60


class Element(Struct):
    """A tag with its attributes and children; a text is a plain str among the children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)


def parse_html(text: str) -> Element:
    """The tree below an element without a tag. Scripts, styles, frames and films are dropped with all they hold."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    return parser.root


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]
        self._dropping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._drop(tag, attrs)
            self._dropping += 1
        if self._dropping:
            return
        if tag in _BLOCKS and tag not in _CLOSES:
            self._close_open("p", until=frozenset({"li", "td", "th", "div", "blockquote"}))
        for other in _CLOSES.get(tag, ()):
            self._close_open(other, until=frozenset({"ul", "ol", "table", "dl"}))
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID and len(self._open) < MAX_DEPTH:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._drop(tag, attrs)
        elif not self._dropping:
            self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropping = max(0, self._dropping - 1)
        elif not self._dropping and tag not in _VOID:
            self._close_open(tag)

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self._open[-1].children.append(data)

    def _drop(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in TOLD and not self._dropping:
            self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def _close_open(self, tag: str, until: frozenset[str] = frozenset()) -> None:
        """Close the innermost open element of that tag, and what is open inside it; not across ``until``."""
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return
            if self._open[at].tag in until:
                return
