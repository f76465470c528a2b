"""The screens: pages for people, built from `web/` into the package, and served as they are."""
