"""The blueprint of intake, which the modules beside this one fill."""

from flask import Blueprint

bp = Blueprint("intake", __name__)

ALL = "/henvendelser"
CASE = "/sager/<int:case_id>"
TAB = "sag"
