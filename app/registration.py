"""What each package gives to the others at start-up: pages, cards, tabs, resolvers.

Lower packages cannot import upper ones; what they must show or ask of them is registered here.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Register everything with the application."""
