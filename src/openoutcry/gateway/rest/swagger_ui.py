"""The pages at `/docs`. Swagger UI comes from the installed package, so they work without a network."""

from functools import lru_cache
from typing import Final

import swagger_ui_bundle  # type: ignore[import-untyped]

PAGE: Final = b"""\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Open Outcry: API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script>
      SwaggerUIBundle({url: "/docs/openapi.json", dom_id: "#swagger-ui", deepLinking: true});
    </script>
  </body>
</html>
"""

FILES: Final = {
    "swagger-ui.css": b"text/css; charset=utf-8",
    "swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
    "favicon-32x32.png": b"image/png",
}
"""The files that the page loads, with their content types."""


@lru_cache(maxsize=len(FILES))
def file_bytes(name: str) -> bytes:
    """One of `FILES`."""
    content: bytes = (swagger_ui_bundle.swagger_ui_path / name).read_bytes()
    return content
