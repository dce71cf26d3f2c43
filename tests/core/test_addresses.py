import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import MapAdapter

from app.core.addresses import register_converters


@pytest.fixture(scope="module")
def addresses() -> MapAdapter:
    app = Flask(__name__)
    register_converters(app)
    app.add_url_rule("/sager/<int:case_id>", "case")
    return app.url_map.bind("localhost")


@pytest.mark.parametrize("number", [1, 42, 2_147_483_647])
def test_an_id_is_an_address(addresses: MapAdapter, number: int) -> None:
    assert addresses.match(f"/sager/{number}") == ("case", {"case_id": number})


@pytest.mark.parametrize("text", ["0", "007", "-1", "2147483648", "9" * 5000, "1.0", "x", "١"])
def test_what_can_be_no_id_is_no_address(addresses: MapAdapter, text: str) -> None:
    with pytest.raises(NotFound):
        addresses.match(f"/sager/{text}")
