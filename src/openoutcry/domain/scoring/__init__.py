"""The rules by which matches are scored and watched, as integers."""
