"""The blueprint of the case pages, which the modules beside this one fill."""

from flask import Blueprint

bp = Blueprint("cases", __name__)

CASE = "/sager/<int:case_id>"
