//! Rules that the application has added to the database: triggers, constraints, foreign keys and defaults.

use portcullis_testkit::{Answer, TestServer, base64url};
use serde_json::{Value, json};

/// The shortest text without repetitions that no index of PostgreSQL can contain has 2704 bytes.
const TOO_LONG_FOR_AN_INDEX: usize = 4000;

const REJECTING_TRIGGER: &str = r#"
    CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW."name" = 'forbidden' THEN RAISE EXCEPTION 'the name "%" is forbidden', NEW."name"; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER reject BEFORE INSERT OR UPDATE ON "user" FOR EACH ROW EXECUTE FUNCTION reject()
"#;
const REJECTING_FUNCTION: &str = "CREATE OR REPLACE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{text}'; END $$";
const DISCARDING_TRIGGER: &str = r#"
    CREATE FUNCTION discard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER discard BEFORE INSERT ON "user" FOR EACH ROW EXECUTE FUNCTION discard()
"#;
const CHANGING_TRIGGERS: &str = r#"
    CREATE FUNCTION trim_name() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW."name" := trim(NEW."name"); RETURN NEW; END $$;
    CREATE TRIGGER trim_name BEFORE INSERT OR UPDATE ON "user" FOR EACH ROW EXECUTE FUNCTION trim_name();
    CREATE FUNCTION shorten_agent() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW."userAgent" := left(NEW."userAgent", 4); RETURN NEW; END $$;
    CREATE TRIGGER shorten_agent BEFORE INSERT ON "session" FOR EACH ROW EXECUTE FUNCTION shorten_agent()
"#;
const CHECK: &str = r#"ALTER TABLE "user" ADD CONSTRAINT "allowed" CHECK ("name" <> 'forbidden')"#;
const ORDERS: &str = r#"
    CREATE TABLE "orders" ("id" int PRIMARY KEY, "customer" text NOT NULL REFERENCES "user" ("id"));
    INSERT INTO "orders" SELECT 1, "id" FROM "user"
"#;
const DEFERRED_ORDERS: &str = r#"
    CREATE TABLE "orders" ("id" int PRIMARY KEY,
        "customer" text NOT NULL REFERENCES "user" ("id") DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO "orders" SELECT 1, "id" FROM "user"
"#;

fn refused(status: u16, code: &str, message: &str) -> (u16, Value) {
    (status, json!({ "code": code, "message": message }))
}

fn seen(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json())
}

async fn sign_up(server: &TestServer, name: &str, address: &str) -> Answer {
    let body = json!({ "name": name, "email": address, "password": "password1234" });
    server.anonymous().post("/sign-up/email", &body).send().await
}

#[tokio::test]
async fn a_user_whom_a_trigger_or_a_constraint_rejects_is_422_and_nothing_is_stored() {
    for rule in [REJECTING_TRIGGER, CHECK] {
        let server = TestServer::start();
        let ada = server.signed_up("ada").await;
        server.execute(rule);
        let rejected = sign_up(&server, "forbidden", "bob@example.com").await;
        let not_created = refused(422, "FAILED_TO_CREATE_USER", "Failed to create user");
        assert_eq!(seen(&rejected), not_created);
        assert_eq!(rejected.cookies().count(), 0);

        let rejected = ada
            .post("/update-user", &json!({ "name": "forbidden" }))
            .send()
            .await;
        let not_updated = refused(422, "FAILED_TO_UPDATE_USER", "Failed to update user");
        assert_eq!(seen(&rejected), not_updated);
        assert_eq!(
            server
                .shown("select string_agg(name, ',') from \"user\"")
                .unwrap(),
            "ada"
        );
        assert_eq!(server.rows("select from account"), 1);
        assert_eq!(ada.get("/get-session").send().await.json()["user"]["name"], "ada");
    }
}

#[tokio::test]
async fn a_user_whom_a_trigger_discards_is_422_and_a_taken_address_is_still_reported() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    server.execute(DISCARDING_TRIGGER);
    let discarded = sign_up(&server, "bob", "bob@example.com").await;
    let not_created = refused(422, "FAILED_TO_CREATE_USER", "Failed to create user");
    assert_eq!(seen(&discarded), not_created);
    let taken = sign_up(&server, "ada", "ada@example.com").await;
    assert_eq!(taken.json()["code"], "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
}

/// Otherwise the password of a successful sign-up would be lost.
#[tokio::test]
async fn a_sign_up_whose_account_a_trigger_discards_is_422_and_stores_nothing() {
    let server = TestServer::start();
    server.execute(&DISCARDING_TRIGGER.replace("\"user\"", "\"account\""));
    let discarded = sign_up(&server, "ada", "ada@example.com").await;
    let not_created = refused(422, "FAILED_TO_CREATE_USER", "Failed to create user");
    assert_eq!(seen(&discarded), not_created);
    assert_eq!(server.rows("select from \"user\""), 0);
}

/// The texts of triggers are the application's own, and may resemble PostgreSQL's.
#[tokio::test]
async fn the_text_of_a_trigger_does_not_decide_and_a_rejection_closes_no_connection() {
    let server = TestServer::start();
    server.execute(REJECTING_TRIGGER);
    for text in [
        "permission denied to use this name",
        "the tenant is out of memory",
    ] {
        server.execute(&REJECTING_FUNCTION.replace("{text}", text));
        let rejected = sign_up(&server, "forbidden", "ada@example.com").await;
        assert_eq!(rejected.json()["code"], "FAILED_TO_CREATE_USER", "{rejected}");
    }
    let backends = "SELECT string_agg(pid::text, ',' ORDER BY pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'portcullis'";
    let before = server.shown(backends);
    for _ in 0..5 {
        assert_eq!(sign_up(&server, "forbidden", "ada@example.com").await.status, 422);
    }
    assert_eq!(server.shown(backends), before);
}

/// A mistake in the application's database is not the client's error.
#[tokio::test]
async fn a_trigger_that_uses_a_missing_table_is_an_error_of_the_server() {
    let server = TestServer::start();
    server.execute(REJECTING_TRIGGER);
    server.execute(
        "CREATE OR REPLACE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO no_such_table VALUES (1); RETURN NEW; END'",
    );
    assert_eq!(sign_up(&server, "ada", "ada@example.com").await.status, 500);
}

/// A rejection must not reveal whether an address is registered.
#[tokio::test]
async fn with_verified_addresses_a_rule_gives_registered_and_free_addresses_the_same_response() {
    let server = TestServer::with()
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
            "true",
        )
        .start();
    assert_eq!(sign_up(&server, "ada", "ada@example.com").await.status, 200);
    server.execute(&format!("{REJECTING_TRIGGER}; {CHANGING_TRIGGERS}"));
    let mut answers = Vec::new();
    for address in ["ada@example.com", "bob@example.com"] {
        let rejected = sign_up(&server, "forbidden", address).await;
        let mut accepted = sign_up(&server, "  Name  ", address).await.json();
        accepted["user"]["id"].take();
        accepted["user"]["email"].take();
        answers.push((seen(&rejected), accepted));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0.0, 422);
    assert_eq!(answers[0].1["user"]["name"], "Name");

    server.execute(r#"ALTER TABLE "account" ADD CHECK (false) NOT VALID"#);
    for address in ["ada@example.com", "eve@example.com"] {
        assert_eq!(sign_up(&server, "name", address).await.status, 422, "{address}");
    }
}

#[tokio::test]
async fn a_session_that_the_database_rejects_is_422_and_leaves_the_client_signed_out() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    server.execute(r#"ALTER TABLE "session" ADD CHECK ("userAgent" <> 'forbidden')"#);
    let body = json!({ "email": "ada@example.com", "password": "password1234" });
    let caller = server.anonymous();
    let sign_in = caller.post("/sign-in/email", &body);
    let rejected = sign_in.header("user-agent", "forbidden").send().await;
    let expected = refused(422, "REJECTED_BY_DATABASE", "The database rejects the change");
    assert_eq!(seen(&rejected), expected);
    assert_eq!(rejected.cookies().count(), 0);
    assert_eq!(server.rows("select from session"), 1);
}

#[tokio::test]
async fn a_value_that_is_too_long_for_a_unique_index_is_422() {
    let server = TestServer::with()
        .file("[user.additional_fields.badge]\ntype = \"string\"\nrequired = false\nunique = true\n")
        .start();
    let ada = server.signed_up("ada").await;
    // PostgreSQL compresses values in an index, so the text must not repeat itself.
    let long: String = (0..)
        .map(|number: u32| number.wrapping_mul(2_654_435_761).to_string())
        .take(500)
        .collect();
    let badge = long.get(..TOO_LONG_FOR_AN_INDEX).unwrap();
    let body =
        json!({ "name": "bob", "email": "bob@example.com", "password": "password1234", "badge": badge });
    let rejected = server.anonymous().post("/sign-up/email", &body).send().await;
    assert_eq!(rejected.json()["code"], "FAILED_TO_CREATE_USER", "{rejected}");
    let rejected = ada.post("/update-user", &json!({ "badge": badge })).send().await;
    assert_eq!(rejected.json()["code"], "FAILED_TO_UPDATE_USER", "{rejected}");
}

#[tokio::test]
async fn a_user_to_whom_rows_of_the_application_refer_cannot_be_deleted() {
    for orders in [ORDERS, DEFERRED_ORDERS] {
        let server = TestServer::with()
            .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
            .start();
        let ada = server.signed_up("ada").await;
        server.execute(orders);
        let body = json!({ "password": "password1234" });
        let forbidden = ada.post("/delete-user", &body).send().await;
        let message = "The user cannot be deleted because other records refer to the user";
        assert_eq!(seen(&forbidden), refused(409, "USER_IS_REFERENCED", message));
        assert_eq!(forbidden.cookies().count(), 0);
        assert_eq!(ada.get("/get-session").send().await.json()["user"]["name"], "ada");

        server.execute("delete from orders");
        assert_eq!(ada.post("/delete-user", &body).send().await.status, 200);
        assert_eq!(server.rows("select from \"user\""), 0);
    }
}

#[tokio::test]
async fn a_session_to_which_rows_of_the_application_refer_cannot_be_ended() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    server.execute(
        r#"CREATE TABLE "visits" ("session" text REFERENCES "session" ("id"));
        INSERT INTO "visits" SELECT "id" FROM "session""#,
    );
    let forbidden = ada.post("/sign-out", &json!({})).send().await;
    let message = "The record cannot be deleted because other records refer to it";
    assert_eq!(seen(&forbidden), refused(409, "RECORD_IS_REFERENCED", message));
    assert_eq!(forbidden.cookies().count(), 0);
}

/// The declared field has no default in the configuration, so the column's own applies.
#[tokio::test]
async fn a_field_that_is_not_sent_gets_the_default_of_its_column() {
    let server = TestServer::with()
        .file("[user.additional_fields.plan]\ntype = \"string\"\nrequired = false\n")
        .start();
    server.execute(r#"ALTER TABLE "user" ALTER COLUMN "plan" SET DEFAULT 'free'"#);
    let created = sign_up(&server, "ada", "ada@example.com").await;
    assert_eq!(created.json()["user"]["plan"], "free", "{created}");
    let sent = json!({ "name": "b", "email": "b@example.com", "password": "password1234", "plan": "team" });
    let created = server.anonymous().post("/sign-up/email", &sent).send().await;
    assert_eq!(created.json()["user"]["plan"], "team", "{created}");
    let stored = server.shown(r#"SELECT string_agg("plan", ',' ORDER BY "plan") FROM "user""#);
    assert_eq!(stored.unwrap(), "free,team");
}

#[tokio::test]
async fn rows_that_triggers_have_changed_are_returned_as_they_are_stored() {
    let server = TestServer::with()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    server.execute(CHANGING_TRIGGERS);
    let caller = server.anonymous();
    let body = json!({ "name": "  Ada  ", "email": "ada@example.com", "password": "password1234" });
    let call = caller
        .post("/sign-up/email", &body)
        .header("user-agent", "Mozilla/5.0");
    let created = call.send().await;
    assert_eq!(created.json()["user"]["name"], "Ada", "{created}");
    let copy = cached(&created);
    assert_eq!(copy["session"]["session"]["userAgent"], "Mozi");
    assert_eq!(copy["session"]["user"]["name"], "Ada");

    let update = json!({ "name": " Countess " });
    let updated = caller.post("/update-user", &update).send().await;
    assert_eq!(cached(&updated)["session"]["user"]["name"], "Countess");
}

/// Returns the session that the response caches in the client.
fn cached(answer: &Answer) -> Value {
    let cookies = answer.cookies();
    let values = cookies.filter_map(|cookie| cookie.strip_prefix("better-auth.session_data="));
    let set = values.last().unwrap().split(';').next().unwrap();
    serde_json::from_slice(&base64url(set)).unwrap()
}
