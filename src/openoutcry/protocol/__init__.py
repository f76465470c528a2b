"""The wire contract: every message as a type, from which OpenAPI and AsyncAPI documents are generated.

Imports `domain` only. Server and client both encode and decode with these types.
"""
