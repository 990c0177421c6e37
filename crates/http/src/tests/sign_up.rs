use portcullis_application::testing::{FakeStore, FakeUnitOfWork, fixtures::a_user};

use super::{post, send};

fn look(taken: bool) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_find_by_email()
        .once()
        .return_once(move |_| Ok(taken.then(a_user)));
    unit
}

fn write(image: Option<&'static str>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .withf(move |user| user.image.as_deref() == image)
        .once()
        .return_once(|row| Ok(row.clone()));
    unit.accounts.expect_insert().once().return_once(|_| Ok(()));
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    unit
}

#[actix_web::test]
async fn a_new_user_is_shown_and_signed_in() {
    let body = r#"{"name":"","email":"New@Example.com","password":"password1","callbackURL":"/x","extra":1}"#;
    let answer = send(
        FakeStore::new(vec![look(false)], vec![write(None)]),
        post("/sign-up/email", body),
    )
    .await;
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    let (token, id) = (
        body["token"].as_str().unwrap(),
        body["user"]["id"].as_str().unwrap(),
    );
    let expected = format!(
        concat!(
            r#"{{"token":"{token}","user":{{"name":"","email":"new@example.com","emailVerified":false,"#,
            r#""image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","#,
            r#""id":"{id}"}}}}"#
        ),
        token = token,
        id = id
    );
    assert_eq!(answer.status_and_body(), (200, expected.as_str()));
    assert_eq!(answer.header("location"), None);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let [cookie] = answer.cookies()[..] else {
        panic!("expected one cookie")
    };
    assert!(cookie.starts_with(&format!("better-auth.session_token={token}.")));
}

#[actix_web::test]
async fn a_picture_url_may_be_http_https_or_relative() {
    for image in [
        "https://cdn.example.com/ada.png",
        "/ada.png",
        "ada.png",
        "//cdn.example.com/a",
        "",
    ] {
        let body = format!(r#"{{"name":"n","email":"a@b.co","password":"password1","image":"{image}"}}"#);
        let answer = send(
            FakeStore::new(vec![look(false)], vec![write(Some(image))]),
            post("/sign-up/email", body),
        )
        .await;
        assert_eq!(answer.status, 200, "{image}");
    }
}

#[actix_web::test]
async fn a_name_of_256_characters_is_accepted() {
    let body = format!(
        r#"{{"name":"{}","email":"a@b.co","password":"password1"}}"#,
        "é".repeat(256)
    );
    let store = FakeStore::new(vec![look(false)], vec![write(None)]);
    assert_eq!(send(store, post("/sign-up/email", body)).await.status, 200);
}

#[actix_web::test]
async fn every_error_has_its_code_and_sets_no_cookie() {
    let sign_up = |password: &str| {
        post(
            "/sign-up/email",
            format!(r#"{{"name":"n","email":"ada@example.com","password":"{password}"}}"#),
        )
    };
    for (request, reads, expected) in [
        (
            sign_up("password1"),
            vec![look(true)],
            (
                422,
                r#"{"code":"USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL","message":"User already exists. Use another email."}"#,
            ),
        ),
        (
            sign_up("short"),
            Vec::new(),
            (
                400,
                r#"{"code":"PASSWORD_TOO_SHORT","message":"Password too short"}"#,
            ),
        ),
        (
            sign_up(&"x".repeat(129)),
            Vec::new(),
            (
                400,
                r#"{"code":"PASSWORD_TOO_LONG","message":"Password too long"}"#,
            ),
        ),
    ] {
        let answer = send(FakeStore::new(reads, Vec::new()), request).await;
        assert_eq!(answer.status_and_body(), expected);
        assert!(answer.cookies().is_empty());
    }
}
