"""Sign-up, sign-in and sign-out, passed on to the authentication server."""

import httpx
from conftest import PASSWORD, Reader
from programs import ORIGIN, PATIENCE, Application


def cookie_lines(answer: httpx.Response) -> list[str]:
    """The Set-Cookie lines, without the values of the cookies."""
    lines = answer.headers.get_list("set-cookie")
    return [name.split("=")[0] + ";" + rest for name, _, rest in (line.partition(";") for line in lines)]


def test_a_reader_signs_up_and_is_signed_in(visitor):
    ada = visitor()
    answer = ada.sign_up(timeZone="Asia/Tokyo", background="mathematics")

    assert answer.status_code == 200
    user = answer.json()["user"]
    assert (user["email"], user["timeZone"], user["background"]) == (ada.email, "Asia/Tokyo", "mathematics")
    assert "token" not in answer.json()
    assert ada.get("/session").json()["user"]["id"] == user["id"]


def test_a_wrong_password_is_an_error_and_sets_no_cookie(reader, visitor):
    other = visitor()
    other.email = reader.email
    answer = other.sign_in("another password")

    assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_EMAIL_OR_PASSWORD")
    assert "set-cookie" not in answer.headers
    assert other.get("/session").json() is None
    assert other.get("/profile").status_code == 401


def test_an_address_that_is_taken_is_an_error(reader):
    answer = reader.sign_up()
    assert (answer.status_code, answer.json()["code"]) == (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")


def test_a_field_that_the_application_rejects_creates_no_user(visitor):
    ada = visitor()
    assert ada.sign_up(timeZone="Mars/Olympus").status_code == 422
    assert ada.sign_in().status_code == 401


def test_the_cookies_of_the_server_reach_the_browser_unchanged(reader, server):
    body = {"email": reader.email, "password": PASSWORD}
    headers = {"origin": ORIGIN, "x-forwarded-for": "192.0.2.80"}
    direct = httpx.post(f"{server.url}/sign-in/email", json=body, headers=headers, timeout=PATIENCE)

    assert cookie_lines(direct) == cookie_lines(reader.sign_in())
    assert len(cookie_lines(direct)) >= 1


def test_a_cookie_of_one_reader_is_not_sent_for_another(reader, visitor):
    stranger = visitor()
    assert stranger.get("/session").json() is None
    assert stranger.get("/profile").status_code == 401
    assert stranger.get("/token").status_code == 401
    assert reader.get("/profile").status_code == 200


def test_a_page_of_another_site_cannot_sign_in(reader):
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
    body = {"email": reader.email, "password": PASSWORD}
    answer = reader.post("/sign-in", json=body, headers=foreign)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_session_contains_the_address_and_the_browser_of_the_reader(reader, database):
    statement = 'SELECT s."ipAddress", s."userAgent" FROM "session" s JOIN "user" u ON u."id" = s."userId"'
    found = database.execute(statement + ' WHERE u."email" = %s', (reader.email,)).fetchall()
    assert found == [(reader.address, reader.headers["user-agent"])]


def test_the_address_that_a_client_claims_is_ignored_without_a_proxy(server, database, tmp_path):
    exposed = Application(server, tmp_path, "--no-proxy-headers")
    try:
        with Reader(exposed.url) as liar:
            assert liar.sign_up().status_code == 200
    finally:
        exposed.stop()
    statement = 'SELECT s."ipAddress" FROM "session" s JOIN "user" u ON u."id" = s."userId" WHERE u."email" = %s'
    assert database.execute(statement, (liar.email,)).fetchall() == [("127.0.0.1",)]


def test_failed_sign_ins_are_limited_for_their_own_address_only(reader, visitor):
    attacker = visitor()
    attacker.email = reader.email
    assert [attacker.sign_in("wrong password").status_code for _ in range(4)] == [401, 401, 401, 429]
    limited = attacker.sign_in()

    assert limited.status_code == 429
    assert int(limited.headers["x-retry-after"]) > 0
    assert reader.sign_in().status_code == 200


def test_reading_the_session_renews_it_for_the_browser(reader):
    answer = reader.get("/session")
    assert answer.status_code == 200
    assert any("session_token=" in line for line in answer.headers.get_list("set-cookie"))


def test_a_check_of_the_application_does_not_renew_the_session(reader, database):
    statement = 'SELECT s."expiresAt" FROM "session" s JOIN "user" u ON u."id" = s."userId" WHERE u."email" = %s'
    before = database.execute(statement, (reader.email,)).fetchall()
    assert reader.get("/profile").status_code == 200
    assert database.execute(statement, (reader.email,)).fetchall() == before


def test_sign_out_ends_the_session_and_clears_the_cookie(reader):
    kept = dict(reader.cookies)
    assert reader.post("/sign-out").status_code == 200
    assert dict(reader.cookies) == {}

    reader.cookies.update(kept)
    assert reader.get("/profile").status_code == 401


def test_sign_out_everywhere_ends_every_session(reader, visitor):
    phone = visitor()
    phone.email = reader.email
    assert phone.sign_in().status_code == 200
    assert phone.get("/profile").status_code == 200

    assert reader.post("/sign-out-everywhere").status_code == 200
    assert [browser.get("/profile").status_code for browser in (reader, phone)] == [401, 401]
    assert dict(reader.cookies) == {}


def test_a_visitor_cannot_end_sessions(visitor):
    assert visitor().post("/sign-out-everywhere").status_code == 401
