"""The HTTP contract, read from the OpenAPI document and held against the app."""
