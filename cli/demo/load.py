from flask import Flask


def load(app: Flask) -> str:
    return "not yet"
