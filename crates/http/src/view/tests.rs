use portcullis_application::{
    client_token::ActiveSession,
    testing::fixtures::{a_session, a_user},
};
use portcullis_domain::{
    additional::{FieldDefinition, FieldKind, FieldSchema},
    session::Session,
    user::User,
};
use serde_json::{Value, json};

use super::Presenter;

fn field(name: &str, is_returned: bool) -> FieldDefinition {
    FieldDefinition {
        name: name.to_owned(),
        kind: FieldKind::String,
        is_required: false,
        default: Some(json!(format!("the {name}"))),
        is_input: true,
        is_returned,
        is_unique: false,
    }
}

#[test]
fn additional_fields_precede_the_id_and_hidden_ones_are_omitted() {
    let user_fields = FieldSchema::new(vec![
        field("zeal", true),
        field("secret", false),
        field("age", true),
    ]);
    let session_fields = FieldSchema::new(vec![field("device", true)]);
    let active_session = ActiveSession {
        user: User {
            additional: user_fields.defaults(),
            ..a_user()
        },
        session: Session {
            additional: session_fields.defaults(),
            ..a_session()
        },
    };
    let presenter = Presenter::new(&user_fields, &session_fields);
    let text = serde_json::to_string(&presenter.active_session(&active_session)).unwrap();
    assert!(
        text.ends_with(
            r#""updatedAt":"2026-01-01T00:00:00.000Z","zeal":"the zeal","age":"the age","id":"user-1"}}"#
        ),
        "{text}"
    );
    assert!(
        text.contains(r#""userId":"user-1","device":"the device","id":"session-1"}"#),
        "{text}"
    );
    let values = json!({
        "session": presenter.session_value(&active_session.session),
        "user": presenter.user_value(&active_session.user),
    });
    assert_eq!(values.to_string(), text);
}

#[test]
fn the_json_has_the_listed_members_in_order() {
    fn names(view: &Value) -> Vec<&str> {
        view.as_object().unwrap().keys().map(String::as_str).collect()
    }
    let fields = FieldSchema::default();
    let presenter = Presenter::new(&fields, &fields);
    assert_eq!(names(&presenter.user_value(&a_user())), User::MEMBERS);
    assert_eq!(names(&presenter.session_value(&a_session())), Session::MEMBERS);
}
