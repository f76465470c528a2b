"""What the fields of all messages mean, for the OpenAPI and the AsyncAPI document."""
