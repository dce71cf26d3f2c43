"""Min dag: what presses most, from the cards that the packages have registered."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.access import current, front_page
from app.access.policy import Permission, can, requires
from app.core.pages import page

bp = Blueprint("front_page", __name__)


@bp.route("/")
@requires(Permission.FRONT_PAGE)
def show() -> ResponseReturnValue:
    """Show the cards that concern the reader; without any, where the reader's own work is found."""
    reader, at = current.reader(), current.at()
    cards = sorted(front_page.of(current_app).cards, key=lambda card: card.order)
    rendered = [card.render(reader, at) for card in cards if can(reader, card.permission)]
    # Rendered by templates that escape what they show.
    shown = [Markup(markup) for markup in rendered if markup]  # noqa: S704
    return page("access/front_page.html", cards=shown, today=current.today())
