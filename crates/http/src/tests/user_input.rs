use std::sync::Arc;

use actix_web::http::header;
use async_trait::async_trait;
use portcullis_application::{
    ports::{Failure, Repositories},
    seams::{Decision, Refusal, UserInput, UserInputs, UserOperation},
    testing::{FakePorts, FakeStore},
};
use serde_json::{Map, Value, json};

use super::{Answer, OWN, TOKEN, app, options, post, send_with_app};
use crate::App;

/// Replaces the name, and refuses updates.
struct Renaming;

#[async_trait]
impl UserInput for Renaming {
    async fn prepare(
        &self,
        _db: &mut dyn Repositories,
        members: &mut Map<String, Value>,
        operation: UserOperation,
    ) -> Result<Decision, Failure> {
        members.insert("name".to_owned(), json!(1));
        Ok(match operation {
            UserOperation::Create => Decision::Allowed,
            UserOperation::Update => Decision::Refused(Refusal::from("FAILED_TO_CREATE_USER")),
        })
    }
}

async fn send(path: &str, body: &str) -> Answer {
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    let app = App {
        user_inputs: Arc::new(UserInputs::new(&ports, Arc::new([Arc::new(Renaming)]))),
        ..app(&ports)
    };
    let request = post(path, body)
        .insert_header((header::COOKIE, TOKEN))
        .insert_header((header::ORIGIN, OWN));
    send_with_app(app, options(), request).await
}

#[actix_web::test]
async fn features_may_change_the_input_of_a_sign_up_before_it_is_validated() {
    let body = r#"{"name":"n","email":"a@b.co","password":"password1"}"#;
    let answer = send("/sign-up/email", body).await;
    let issue = "[body.name] Invalid input: expected string, received number";
    assert_eq!((answer.status.as_u16(), answer.body.contains(issue)), (400, true));
}

#[actix_web::test]
async fn features_may_refuse_an_update_before_the_session_is_read() {
    let refused = r#"{"code":"FAILED_TO_CREATE_USER","message":"Failed to create user"}"#;
    let answer = send("/update-user", r#"{"name":"n"}"#).await;
    assert_eq!(answer.status_and_body(), (422, refused));
    let answer = send("/update-user", "[]").await;
    assert_eq!(answer.status, 400);
}

#[actix_web::test]
async fn features_do_not_change_the_input_of_other_routes() {
    let answer = send("/sign-in/email", r#"{"email":"nope","password":"x"}"#).await;
    let refused = r#"{"code":"INVALID_EMAIL","message":"Invalid email"}"#;
    assert_eq!(answer.status_and_body(), (400, refused));
}
