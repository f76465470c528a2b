"""Every route as Litestar sees it: path, types and promises. What it does is one call into the gateway."""
