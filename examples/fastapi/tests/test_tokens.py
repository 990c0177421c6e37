"""JWTs in the running application: what is accepted, also during an outage of the authentication server."""

import time

import jwt
import pytest
from programs import Application, AuthServer


def test_a_session_gets_a_jwt_for_itself(reader):
    session = reader.get("/session").json()
    claims = reader.get("/today", headers=reader.bearer()).json()
    assert claims["reader"] == session["user"]["id"]


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi"])
def test_what_is_no_jwt_is_rejected(reader, header):
    assert reader.get("/today", headers={"authorization": header}).status_code == 401


def test_a_cookie_does_not_replace_a_jwt(reader):
    assert reader.get("/today").status_code == 401


def test_a_jwt_with_changed_claims_is_rejected(reader):
    header, _, signature = reader.bearer()["authorization"].removeprefix("Bearer ").split(".")
    forged = jwt.encode({"sub": "another reader", "timeZone": "UTC"}, "x" * 32).split(".")[1]
    authorization = f"Bearer {header}.{forged}.{signature}"
    assert reader.get("/today", headers={"authorization": authorization}).status_code == 401


def test_a_jwt_outlives_its_session_and_a_live_session_does_not(reader):
    bearer = reader.bearer()
    assert reader.post("/sign-out-everywhere").status_code == 200
    assert reader.get("/today", headers=bearer).status_code == 200
    assert reader.get("/profile").status_code == 401


def test_an_outage_of_the_server_stops_no_jwt_and_signs_no_reader_out(reader, server: AuthServer):
    bearer = reader.bearer()
    assert reader.get("/today", headers=bearer).status_code == 200
    server.stop()
    try:
        assert reader.get("/today", headers=bearer).status_code == 200
        for answer in (reader.get("/profile"), reader.get("/session"), reader.sign_in()):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert "set-cookie" not in answer.headers
    finally:
        server.start()
    assert reader.get("/profile").status_code == 200


def test_the_application_starts_while_the_server_is_away(reader, server: AuthServer, tmp_path):
    bearer = reader.bearer()
    server.stop()
    try:
        application = Application(server, tmp_path)
        try:
            url = f"{application.url}/today"
            assert reader.get(url, headers=bearer).status_code == 503
        finally:
            application.stop()
    finally:
        server.start()


@pytest.mark.portcullis
def test_a_new_key_is_accepted_without_a_restart_of_the_application(reader, server: AuthServer):
    before = reader.bearer()
    assert reader.get("/today", headers=before).status_code == 200
    server.run("keys", "rotate")
    server.stop()
    server.start()

    after = reader.bearer()
    kids = [jwt.get_unverified_header(one["authorization"].removeprefix("Bearer "))["kid"] for one in (before, after)]
    assert kids[0] != kids[1]
    assert accepted(reader, after) == 200
    assert reader.get("/today", headers=before).status_code == 200


def accepted(reader, bearer: dict) -> int:
    """The status when the application has read the keys again: it pauses between two attempts."""
    deadline = time.monotonic() + 60
    while (status := reader.get("/today", headers=bearer).status_code) != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    return status
