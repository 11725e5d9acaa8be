"""Reads HTML as a browser without JavaScript would: elements, texts, forms with their values.

In: HTML. Out: a `Page` whose forms can be filled in and sent with a test client.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


@dataclass
class Element:
    """An element with its attributes and everything inside it."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Element]:
        yield self
        for child in self.inside:
            if isinstance(child, Element):
                yield from child

    @property
    def text(self) -> str:
        """Give the text inside, with single spaces."""
        parts = [child if isinstance(child, str) else child.text for child in self.inside]
        return " ".join(" ".join(parts).split())

    def get(self, name: str, default: str = "") -> str:
        """Give an attribute."""
        return self.attributes.get(name, default)

    def all(self, tag: str = "", **wanted: str) -> list[Element]:
        """Give the elements inside with this tag and these attributes."""
        names = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [
            element
            for element in self
            if (not tag or element.tag == tag)
            and all(element.get(name) == value for name, value in names.items())
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


@dataclass
class Form:
    """A form as the page filled it in."""

    action: str
    method: str
    fields: dict[str, str]

    def send(self, client: Any, fields: Mapping[str, str] | None = None, **others: str) -> Any:
        """Send the form with some fields changed."""
        data = self.fields | dict(fields or {}) | others
        if self.method == "get":
            return client.get(urlsplit(self.action).path, params=data)
        return client.post(self.action, data=data)


class Page:
    """One page."""

    def __init__(self, response: Any) -> None:
        reader = _Reader()
        reader.feed(response.text)
        self.root = reader.root
        self.address = str(response.url)
        self.status = response.status_code

    @property
    def text(self) -> str:
        """Give the text of the page."""
        return self.root.text

    @property
    def title(self) -> str:
        """Give the first heading."""
        return self.root.all("h1")[0].text

    def by_id(self, element_id: str) -> Element:
        """Give the one element with this id."""
        (element,) = self.root.all(id=element_id)
        return element

    def form(self, action: str, *, holding: Mapping[str, str] | None = None) -> Form:
        """Give the first form that goes there and holds these values."""
        for element in self.root.all("form"):
            form = self._read(element)
            given = (holding or {}).items()
            if urlsplit(form.action).path == action and given <= form.fields.items():
                return form
        raise AssertionError(
            f"no form goes to {action}: {[f.get('action') for f in self.root.all('form')]}"
        )

    def _read(self, element: Element) -> Form:
        controls = [*element]
        if element.get("id"):
            controls += self.root.all(form=element.get("id"))
        fields: dict[str, str] = {}
        for control in controls:
            name, value = control.get("name"), _value(control)
            if name and value is not None:
                fields[name] = value
        action = urljoin(self.address, element.get("action"))
        return Form(
            urlsplit(action)._replace(scheme="", netloc="").geturl(), element.get("method"), fields
        )


def _value(control: Element) -> str | None:
    if control.tag == "select":
        options = control.all("option")
        chosen = [option for option in options if "selected" in option.attributes]
        return (chosen or options)[0].get("value")
    if control.tag == "textarea":
        return "".join(part for part in control.inside if isinstance(part, str))
    if control.tag != "input" or control.get("type") == "file":
        return None
    if control.get("type") in ("checkbox", "radio") and "checked" not in control.attributes:
        return None
    return control.get("value")
