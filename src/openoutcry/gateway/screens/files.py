"""The files of the screens, read once into memory. They are missing where the package was built without Node.js."""

import gzip
import hashlib
from pathlib import Path
from typing import Final, NamedTuple

import openoutcry
from openoutcry.gateway.http.answer import JSON

FOLDER: Final = Path(openoutcry.__file__).parent / "web"
"""Where a build puts them."""

PAGES: Final = {"/": "index.html", "/organiser": "organiser.html", "/replay": "replay.html"}
"""The file of each page, by its path."""

ASSETS: Final = "assets"
"""The folder of everything that pages load."""

HTML: Final = b"text/html; charset=utf-8"
_TEXT: Final = b"text/plain; charset=utf-8"
_TYPES: Final = {
    ".css": b"text/css; charset=utf-8",
    ".html": HTML,
    ".js": b"text/javascript; charset=utf-8",
    ".json": JSON,
    ".md": _TEXT,
    ".svg": b"image/svg+xml",
    ".txt": _TEXT,
    ".woff2": b"font/woff2",
}
_ZIPPED_ALREADY: Final = frozenset({".woff2"})


class File(NamedTuple):
    """`zipped`: by gzip, None where that would not make it smaller. `tag`: its ETag, weak, as both are one."""

    content_type: bytes
    content: bytes
    zipped: bytes | None
    tag: bytes
    is_named_by_content: bool
    """Whether another content would have another name, so that it may be kept for ever."""


class Screens(NamedTuple):
    """`pages` by path, `assets` by name."""

    pages: dict[str, File]
    assets: dict[str, File]


def read_screens(folder: Path = FOLDER) -> Screens | None:
    """What is built in `folder`; None if a page is missing."""
    pages = {path: folder / name for path, name in PAGES.items()}
    if not all(page.is_file() for page in pages.values()):
        return None
    assets = (asset for asset in (folder / ASSETS).iterdir() if asset.suffix in _TYPES)
    return Screens(
        pages={path: _read(page, is_asset=False) for path, page in pages.items()},
        assets={asset.name: _read(asset, is_asset=True) for asset in assets},
    )


def _read(path: Path, *, is_asset: bool) -> File:
    content = path.read_bytes()
    zipped = None if path.suffix in _ZIPPED_ALREADY else gzip.compress(content, mtime=0)
    return File(
        content_type=_TYPES[path.suffix],
        content=content,
        zipped=zipped if zipped is not None and len(zipped) < len(content) else None,
        tag=b'W/"%s"' % hashlib.sha256(content).hexdigest()[:32].encode(),
        # The build puts a hash into the name of everything but the licences.
        is_named_by_content=is_asset and "-" in path.stem,
    )
