"""The API for FastAPI in the guide of API keys runs, and does what the page says."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from programs import PATIENCE, Application, AuthServer

PAGE = Path(__file__).parents[3] / "docs/guides/api-keys.md"
FILE = re.compile(r"^```(?:python|toml)\n# (\S+\.\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECRET = "the-secret-of-the-service-that-has-the-orders"


def files_of(origin: str) -> dict[str, str]:
    return dict(FILE.findall(PAGE.read_text().replace("https://auth.example.com", origin)))


@pytest.fixture(scope="module")
def server(start, tmp_path_factory: pytest.TempPathFactory) -> AuthServer:
    configuration = tmp_path_factory.mktemp("guide") / "portcullis.toml"
    configuration.write_text(files_of("")["portcullis.toml"])
    own = {"CLIENTS__ORDERS__SECRET": SECRET, "PLUGINS__API_KEY__RATE_LIMIT__MAX_REQUESTS": "5"}
    return start({f"PORTCULLIS_{name}": value for name, value in own.items()}, configuration)


@pytest.fixture(scope="module")
def api(server: AuthServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("application")
    for name, content in files_of(server.origin).items():
        (folder / name).write_text(content)
    program = ("env", f"CLIENT_SECRET={SECRET}", sys.executable, "-m", "uvicorn", "app:app")
    application = Application(server, folder, program=(*program, "--port", "{port}", "--app-dir", folder))
    yield application.url
    application.stop()


@pytest.fixture
def owner(server: AuthServer) -> Iterator[httpx.Client]:
    """A client with the session of a new user."""
    with httpx.Client(base_url=server.url, headers={"origin": server.origin}, timeout=PATIENCE) as client:
        address = f"ada{id(client)}@example.com"
        person = {"name": "Ada", "email": address, "password": "correct horse battery"}
        client.post("/sign-up/email", json=person).raise_for_status()
        yield client


@pytest.fixture
def created(owner: httpx.Client) -> dict:
    return owner.post("/api-key/create", json={"name": "build"}).raise_for_status().json()


def get(api: str, key: str | None = None) -> httpx.Response:
    return httpx.get(f"{api}/orders", headers={"x-api-key": key} if key else {}, timeout=PATIENCE)


def test_a_key_names_its_user(api, created):
    response = get(api, created["key"])
    assert (response.status_code, response.json()) == (200, {"user": created["userId"], "orders": []})


def test_requests_without_a_valid_key_are_rejected(api, created, owner):
    for key in (None, "x", created["id"], created["key"] + "x"):
        assert get(api, key).status_code == 401
    owner.post("/api-key/update", json={"keyId": created["id"], "enabled": False}).raise_for_status()
    assert get(api, created["key"]).json() == {"detail": "API Key is disabled"}


def test_a_key_without_the_permission_is_rejected(api, created):
    response = httpx.post(f"{api}/orders", headers={"x-api-key": created["key"]}, timeout=PATIENCE)
    assert response.status_code == 403


def test_a_key_that_was_used_too_often_is_rejected_until_later(api, created):
    assert {get(api, created["key"]).status_code for _ in range(5)} == {200}
    response = get(api, created["key"])
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) > 0


def test_without_an_answer_about_the_key_the_api_asks_to_try_again(api, created, server):
    server.stop()
    response = get(api, created["key"])
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
