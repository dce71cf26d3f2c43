"""The server that the tests share keeps what its installations write apart."""

from tests.databases import Server


def test_every_installation_has_a_folder_of_its_own(server: Server) -> None:
    first, second = server.config("ek_demo_gw0"), server.config("ek_demo_gw1")

    (first.var_dir / "demo-logins.txt").write_text("first")
    (second.var_dir / "demo-logins.txt").write_text("second")

    assert (first.var_dir / "demo-logins.txt").read_text() == "first"
