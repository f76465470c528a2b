"""The words of HTTP: headers, bodies, query strings, answers and their bytes."""
