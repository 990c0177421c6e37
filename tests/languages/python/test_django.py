"""The project of Django: users by middleware, sign-in that is passed on, a profile joined with the user."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from programs import ORIGIN, PATIENCE, SECRET, Application, AuthServer

EXAMPLE = Path(__file__).parents[3] / "examples/django"
PASSWORD = "correct horse battery"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def server(start) -> AuthServer:
    limited = {"BETTER_AUTH_SECRET": SECRET, "PORTCULLIS_RATE_LIMIT__ENABLED": "true"}
    return start(limited, EXAMPLE / "portcullis.toml")


@pytest.fixture(scope="module")
def project(server: AuthServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    manage = (sys.executable, EXAMPLE / "manage.py")
    environment = Application.environment(server)
    for command in (["makemigrations", "--check", "--dry-run"], ["migrate"]):
        subprocess.run([*manage, *command], env=environment, check=True, capture_output=True)
    folder = tmp_path_factory.mktemp("django")
    serve = (*manage, "runserver", "--noreload", "127.0.0.1:{port}")
    started = Application(server, folder, program=serve, path="/session")
    yield started
    started.stop()


def browser(project: Application, number: int) -> httpx.Client:
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "sec-fetch-dest": "empty"}
    return httpx.Client(
        base_url=project.url,
        headers={**headers, "x-forwarded-for": f"1.1.1.1, 203.0.113.{number}"},
        timeout=PATIENCE,
    )


def sign_up(client: httpx.Client, number: int, **fields: str) -> httpx.Response:
    person = {"name": f"Ada {number}", "email": f"ada{number}@example.com", "password": PASSWORD}
    return client.post("/sign-up", json={**person, "timeZone": "Asia/Tokyo", **fields})


@pytest.fixture
def reader(project: Application) -> Iterator[httpx.Client]:
    number = next(numbers)
    with browser(project, number) as client:
        answer = sign_up(client, number)
        assert answer.status_code == 200, answer.text
        assert "token" not in answer.json()
        yield client


def bearer(reader: httpx.Client) -> dict[str, str]:
    return {"authorization": f"Bearer {reader.get('/token').json()['token']}"}


def test_the_middleware_sets_the_user_of_the_session(reader, project):
    expected = {"name": reader.get("/session").json()["user"]["name"], "timeZone": "Asia/Tokyo", "interests": []}
    assert reader.get("/profile").json() == expected
    assert httpx.get(project.url + "/profile", timeout=PATIENCE).status_code == 401


def test_the_address_is_the_one_that_the_proxy_saw(reader, server):
    statement = 'SELECT "ipAddress" FROM "session" WHERE "userId" = %s'
    with psycopg.connect(server.database_url) as connection:
        user = reader.get("/session").json()["user"]["id"]
        found = connection.execute(statement, (user,)).fetchone()
    assert found == (reader.headers["x-forwarded-for"].split(", ")[1],)


def test_failed_sign_ins_are_errors_and_limited_by_address(reader, project):
    email = reader.get("/session").json()["user"]["email"]
    with browser(project, 200) as attacker:
        body = {"email": email, "password": "wrong password"}
        statuses = [attacker.post("/sign-in", json=body).status_code for _ in range(4)]
        assert statuses == [401, 401, 401, 429]
        assert attacker.get("/session").json() == {"user": None}
    assert reader.post("/sign-in", json={"email": email, "password": PASSWORD}).status_code == 200


def test_every_cookie_line_reaches_the_browser_unchanged(reader, server):
    user = reader.get("/session").json()["user"]
    body = {"email": user["email"], "password": PASSWORD}
    headers = {"origin": ORIGIN, "x-forwarded-for": "203.0.113.250"}
    direct = httpx.post(server.url + "/sign-in/email", json=body, headers=headers, timeout=PATIENCE)
    passed = reader.post("/sign-in", json=body)

    def lines(answer: httpx.Response) -> list[tuple[str, str]]:
        parts = [line.partition(";") for line in answer.headers.get_list("set-cookie")]
        return [(value.split("=")[0], attributes) for value, _, attributes in parts]

    assert lines(passed) == lines(direct) != []
    sent = passed.headers.get_list("set-cookie")[0].partition(";")[0]
    assert sent.endswith("%3D")


def test_a_page_of_another_origin_cannot_act_for_the_user(reader):
    answer = reader.put("/profile", json={"interests": ["x"]}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert reader.get("/profile").json()["interests"] == []


@pytest.mark.parametrize("body", [b"", b"[]", b'{"interests": "x"}', b'{"interests": [1]}'])
def test_a_wrong_body_is_a_bad_request(reader, body):
    assert reader.put("/profile", content=body).status_code == 400


def test_a_profile_is_joined_with_its_user_and_deleted_with_it(reader, server):
    name = reader.get("/session").json()["user"]["name"]
    assert reader.put("/profile", json={"interests": ["sailing"]}).json()["interests"] == ["sailing"]
    headers = bearer(reader)
    assert reader.get("/readers?interest=sailing", headers=headers).json() == {"readers": [name]}
    assert reader.get("/readers?interest=sailing").status_code == 401

    with psycopg.connect(server.database_url) as connection:
        connection.execute('DELETE FROM "user" WHERE "name" = %s', (name,))
    assert reader.get("/readers?interest=sailing", headers=headers).json() == {"readers": []}


def test_a_jwt_contains_the_time_zone(reader):
    assert reader.get("/today", headers=bearer(reader)).json()["timeZone"] == "Asia/Tokyo"
    for forged in ("Bearer a.b.c", "Bearer", "Basic YTpi"):
        assert reader.get("/today", headers={"authorization": forged}).status_code == 401


def test_sign_out_everywhere_ends_every_session(reader, project):
    user = reader.get("/session").json()["user"]
    with browser(project, 202) as phone:
        phone.post("/sign-in", json={"email": user["email"], "password": PASSWORD})
        assert phone.get("/profile").status_code == 200
        assert reader.post("/sign-out-everywhere").status_code == 200
        assert [one.get("/profile").status_code for one in (reader, phone)] == [401, 401]
    assert dict(reader.cookies) == {}


def test_an_outage_of_the_server_signs_no_user_out(reader, server):
    headers = bearer(reader)
    assert reader.get("/today", headers=headers).status_code == 200
    server.stop()
    try:
        assert reader.get("/today", headers=headers).status_code == 200
        for answer in (reader.get("/profile"), reader.get("/session")):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert "set-cookie" not in answer.headers
    finally:
        server.start()
    assert reader.get("/profile").status_code == 200
