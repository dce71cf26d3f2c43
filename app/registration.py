"""What each package gives to the others at start-up: pages, cards, tabs, resolvers.

Lower packages cannot import upper ones; what they must show or ask of them is registered here.
"""

from flask import Flask

from app.access import front_page
from app.access.front_page import MenuItem
from app.access.policy import Permission
from app.statistics import routes as statistics_routes


def register(app: Flask) -> None:
    """Register everything with the application."""
    app.register_blueprint(statistics_routes.bp)
    menu = front_page.of(app).menu
    menu.append(MenuItem("Statistik", "statistics.index", (Permission.FIGURES_READ,), 60))
