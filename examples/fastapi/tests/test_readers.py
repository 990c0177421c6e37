"""The reader's profile, in the user's fields and in a table of the application."""

from datetime import date

from conftest import Reader


def test_a_profile_joins_the_user_with_the_application_s_table(reader):
    chosen = {"preferences": {"dark": True, "pages": 20}, "interests": ["poetry"]}
    assert reader.put("/profile/preferences", json=chosen).status_code == 204

    fields = {"name": "Ada", "timeZone": "Asia/Tokyo", "background": "mathematics"}
    assert reader.get("/profile").json() == {**fields, **chosen}


def test_a_profile_is_empty_before_the_reader_has_chosen_anything(reader):
    found = reader.get("/profile").json()
    assert (found["preferences"], found["interests"]) == ({}, [])


def test_a_reader_changes_fields_of_the_user(reader):
    assert reader.patch("/profile", json={"timeZone": "Europe/Berlin", "background": None}).status_code == 200

    found = reader.get("/profile").json()
    assert (found["timeZone"], found["background"]) == ("Europe/Berlin", None)
    claims = reader.get("/today", headers=reader.bearer()).json()
    assert claims["timeZone"] == "Europe/Berlin"


def test_a_page_of_another_origin_cannot_change_a_profile(reader):
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    body = {"preferences": {"dark": True}, "interests": []}
    assert reader.put("/profile/preferences", json=body, headers=foreign).status_code == 403
    assert reader.patch("/profile", json={"timeZone": "UTC"}, headers=foreign).status_code == 403
    assert reader.get("/profile").json()["preferences"] == {}


def test_a_visitor_has_no_profile(visitor):
    body = {"preferences": {}, "interests": []}
    answers = [
        visitor().get("/profile"),
        visitor().put("/profile/preferences", json=body),
        visitor().patch("/profile", json={"timeZone": "UTC"}),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401]


def test_readers_with_an_interest_are_found(reader, visitor):
    other = visitor()
    other.sign_up(name="Grace", timeZone="UTC")
    for one in (reader, other):
        one.put("/profile/preferences", json={"preferences": {}, "interests": ["compilers", "sailing"]})

    found = reader.get("/readers", params={"interest": "sailing"}, headers=reader.bearer())
    expected = [{"name": "Ada", "timeZone": "Asia/Tokyo"}, {"name": "Grace", "timeZone": "UTC"}]
    assert found.json() == expected
    assert reader.get("/readers", params={"interest": "sailing"}).status_code == 401


def test_a_profile_is_deleted_with_its_user(reader, database):
    reader.put("/profile/preferences", json={"preferences": {}, "interests": ["chess"]})
    database.execute('DELETE FROM "user" WHERE "email" = %s', (reader.email,))

    assert database.execute("SELECT count(*) FROM reader_profile WHERE 'chess' = ANY (interests)").fetchone() == (0,)
    assert reader.get("/profile").status_code == 401


def test_a_jwt_is_enough_for_the_date(reader: Reader):
    answer = reader.get("/today", headers=reader.bearer()).json()
    assert answer["timeZone"] == "Asia/Tokyo"
    assert abs((date.fromisoformat(answer["date"]) - date.today()).days) <= 1
