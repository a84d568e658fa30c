"""An address → the page in its layout, for a reader who can follow links to a server."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from covet.errors import DataError, UsageError
from covet.inspector.address import Address, Link, Page
from covet.inspector.page import render
from covet.inspector.pages import NAVIGATION, PAGES, UNDER
from covet.inspector.source import Source


def found(source: Source, address: Address) -> tuple[int, Page]:
    """The HTTP status, and the page or one that says why there is none."""
    try:
        return 200, PAGES[address.page](source, address)
    except KeyError:
        return 404, _message("No such page", f"There is no page {address.page[:60]!r} here.")
    except DataError as error:
        return 404, _message("Not found", str(error))
    except UsageError as error:
        return 400, _message("That cannot be asked", str(error))


def body(page: Page, link: Link, *, live: bool) -> Markup:
    """What is in the page, without what is around it. ``live``: there are forms, and answers."""
    values = {**page.values, "link": link, "live": live, "only": _only, "pairs": _pairs}
    return Markup(render(page.template, values))  # noqa: S704 (rendered with escapes)


def _pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    """Choices that are called what they are."""
    return [(name, name) for name in names]


def _only(address: Address, keep: tuple[str, ...]) -> Address:
    return Address.of(address.page, **{key: address.text(key) for key in keep})


def to_server(address: Address) -> str:
    """Relative, so that no page knows where its server is."""
    return f"./{address.page}" + (f"?{address.query}" if address.given else "")


def whole(source: Source, address: Address) -> tuple[int, str]:
    """The HTTP status and the page."""
    status, page = found(source, address)
    run = page.run or address.text("run")
    return status, render(
        "layout.html",
        {
            "title": page.title,
            "body": body(page, to_server, live=True),
            "navigation": navigation(source, address.page, run, to_server),
            "runs": _runs(source, address, run),
            "stamp": source.index.stamp(),
            "follow": address.page == "",
            "going": any(one.goes_on for one in source.runs),
            "progress": source.index.progress(),
        },
    )


def _message(title: str, message: str) -> Page:
    return Page("message.html", title, {"title": title, "message": message})


def navigation(source: Source, page: str, run: str, link: Link) -> list[Mapping[str, object]]:
    """The pages that there is something on."""
    several = len(source.runs) > 1
    there = {
        name: label
        for name, label in NAVIGATION.items()
        if (source.datasets if name == "dataset" else source.runs)
    }
    entries: list[Mapping[str, object]] = []
    for name, label in there.items():
        given = {} if name == "dataset" or not several else {"run": run or source.runs[0].name}
        address = Address.of(name, **given)
        href = link(address)
        if href:
            current = UNDER.get(page, page) == name
            entries.append({"href": href, "label": label, "current": current})
    return entries


def _runs(source: Source, address: Address, run: str) -> list[Mapping[str, object]]:
    """The same page of another run, and the overlay of all."""
    if len(source.runs) < 2:
        return []
    kept = address.page if address.page in NAVIGATION and address.page != "dataset" else ""
    together = not address.page and not address.text("run")
    entries: list[Mapping[str, object]] = [
        {"href": to_server(Address()), "label": "all together", "current": together}
    ]
    for one in source.runs:
        here = Address.of(kept, run=one.name)
        current = one.name == run and not together
        entries.append({"href": to_server(here), "label": one.name, "current": current})
    return entries
