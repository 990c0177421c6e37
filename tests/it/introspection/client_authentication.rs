//! Client authentication: RFC 6749, sections 2.3.1 and 5.2.

use portcullis_http::routes;

use super::*;

/// The status and the error of a request with this header and this form.
async fn outcome(server: &TestServer, authorization: &str, form: &str) -> (u16, String) {
    let anonymous = server.anonymous();
    let call = unauthenticated(&anonymous, INTROSPECT, form.to_owned());
    let call = if authorization.is_empty() {
        call
    } else {
        call.header("authorization", authorization)
    };
    let answer = call.send().await;
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer}");
    let error = answer.json()["error"].as_str().unwrap_or_default().to_owned();
    (answer.status, error)
}

#[tokio::test]
async fn a_service_authenticates_itself_by_basic_or_by_the_form() {
    let secret = "Vt6x+m2RkZp9sWc4yLh8NbJ3f%d7TaE&";
    let server = with(&[])
        .set("PORTCULLIS_CLIENTS__API__SECRET", secret)
        .set("PORTCULLIS_CLIENTS__BILLING_API__SECRET", SERVICE_SECRET)
        .start();
    let encoded = percent_encoded(secret);
    for (authorization, form) in [
        // As OAuth demands, and as curl and most libraries send it.
        (basic("api", &encoded), "token=x".to_owned()),
        (basic("api", secret), "token=x".to_owned()),
        (basic("billing_api", SERVICE_SECRET), "token=x".to_owned()),
        (basic("billing%5Fapi", SERVICE_SECRET), "token=x".to_owned()),
        (
            basic("api", secret).replacen("Basic", "basic", 1),
            "token=x".to_owned(),
        ),
        (basic("api", secret), "client_id=api&token=x".to_owned()),
        (basic("api", secret), "client_secret=&token=x".to_owned()),
        (
            String::new(),
            format!("token=x&client_id=api&client_secret={encoded}"),
        ),
        (
            String::new(),
            format!("client_secret={encoded}&client_id=api&token=x&token_type_hint=any"),
        ),
    ] {
        let found = outcome(&server, &authorization, &form).await;
        assert_eq!(found, (200, String::new()), "{authorization} {form}");
    }
}

#[tokio::test]
async fn failed_client_authentication_is_401_and_reveals_nothing_about_the_token() {
    let server = with(&[]).start();
    let ada = server.signed_up("ada").await;
    let token = form(&cookie(&ada));
    let post = |id: &str, secret: &str| format!("{token}&client_id={id}&client_secret={secret}");
    let wrong = "Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE";
    for (authorization, form) in [
        (String::new(), token.clone()),
        (basic("api", wrong), token.clone()),
        (basic("api", ""), token.clone()),
        (basic("", SERVICE_SECRET), token.clone()),
        (basic("unknown", SERVICE_SECRET), token.clone()),
        (basic("API", SERVICE_SECRET), token.clone()),
        (basic("api", &SERVICE_SECRET[1..]), token.clone()),
        (basic("api", &format!("{SERVICE_SECRET}x")), token.clone()),
        (format!("Bearer {SERVICE_SECRET}"), token.clone()),
        ("Basic".to_owned(), token.clone()),
        ("Basic !".to_owned(), token.clone()),
        (String::new(), post("api", wrong)),
        (String::new(), post("unknown", SERVICE_SECRET)),
        (String::new(), post("api", "")),
        (String::new(), format!("{token}&client_secret={SERVICE_SECRET}")),
        (String::new(), format!("{token}&client_id=api")),
        // The client is checked before the form.
        (basic("api", wrong), String::new()),
    ] {
        let found = outcome(&server, &authorization, &form).await;
        assert_eq!(
            found,
            (401, "invalid_client".to_owned()),
            "{authorization} {form}"
        );
    }
    // In the query, credentials would be logged by proxies.
    let path = format!("{INTROSPECT}?client_id=api&client_secret={SERVICE_SECRET}");
    let answer = unauthenticated(&server.anonymous(), &path, token).send().await;
    assert_eq!(
        answer.to_string(),
        "401\ncache-control: no-store\ncontent-type: application/json\nwww-authenticate: Basic realm=\"portcullis\", charset=\"UTF-8\"\n{\"error\":\"invalid_client\",\"error_description\":\"Client authentication failed\"}"
    );
}

#[tokio::test]
async fn a_service_that_authenticates_itself_twice_is_rejected() {
    let server = with(&[]).start();
    let both = basic("api", SERVICE_SECRET);
    for (authorization, form) in [
        (
            &both,
            format!("token=x&client_id=api&client_secret={SERVICE_SECRET}"),
        ),
        (&both, format!("token=x&client_secret={SERVICE_SECRET}")),
        (&both, "token=x&client_id=other".to_owned()),
        (
            &"Bearer x".to_owned(),
            format!("token=x&client_id=api&client_secret={SERVICE_SECRET}"),
        ),
    ] {
        let found = outcome(&server, authorization, &form).await;
        assert_eq!(found, (400, "invalid_request".to_owned()), "{form}");
    }
    let twice = format!(
        "POST /api/auth{INTROSPECT} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: {both}\r\nauthorization: {both}\r\ncontent-type: {FORM}\r\ncontent-length: 7\r\n\r\ntoken=x"
    );
    assert!(
        server
            .raw(twice)
            .await
            .contains("several `Authorization` headers")
    );
}

#[tokio::test]
async fn only_forms_without_repeated_parameters_are_accepted() {
    let server = with(&[]).start();
    let anonymous = server.anonymous();
    for (content_type, body, description) in [
        (
            "application/json",
            "{\"token\":\"x\"}",
            "Content-Type \"application/json\" is not allowed. Allowed types: application/x-www-form-urlencoded",
        ),
        (
            "text/plain",
            "token=x",
            "Content-Type \"text/plain\" is not allowed. Allowed types: application/x-www-form-urlencoded",
        ),
        (FORM, "token=x&token=x", "The form contains a parameter twice"),
        (FORM, "token=x&a=1&a=2", "The form contains a parameter twice"),
        (
            FORM,
            "token_type_hint=x",
            "[body.token] Invalid input: expected string, received undefined",
        ),
        (
            FORM,
            "token=",
            "[body.token] Invalid input: expected string, received undefined",
        ),
        (
            FORM,
            "",
            "[body] Invalid input: expected object, received undefined",
        ),
    ] {
        for path in [INTROSPECT, REVOKE] {
            let call = call(&anonymous, path, String::new()).body(content_type, body);
            let answer = call.send().await;
            let expected = json!({ "error": "invalid_request", "error_description": description });
            assert_eq!(
                (answer.status, answer.json()),
                (400, expected),
                "{content_type} {body}"
            );
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
    let long = form(&"x".repeat(70_000));
    let answer = call(&anonymous, INTROSPECT, long).send().await;
    assert_eq!(
        (answer.status, answer.json()["error"].as_str()),
        (413, Some("invalid_request"))
    );
}

#[tokio::test]
async fn every_route_for_services_rejects_callers_with_a_session_only() {
    let server = TestServer::with_all_features();
    let ada = server.signed_up("ada").await;
    let for_services = routes().filter(|route| !route.is_public() && !route.needs_session());
    let mut of_oauth = 0;
    for route in for_services {
        let path = route.full_path("/api/auth");
        let is_of_oauth = route.path.starts_with("/oauth2/");
        let (media_type, body) = if is_of_oauth {
            (FORM, form(&cookie(&ada)))
        } else {
            ("application/json", "{}".to_owned())
        };
        let call = ada.call(route.method, &path).body(media_type, body);
        let answer = call.header("origin", "http://localhost:3000").send().await;
        let (name, code) = if is_of_oauth {
            ("error", "invalid_client")
        } else {
            ("code", "INVALID_CLIENT_CREDENTIALS")
        };
        let found = answer.json()[name].clone();
        assert_eq!((answer.status, found), (401, json!(code)), "{path}");
        of_oauth += u32::from(is_of_oauth);
    }
    assert_eq!(of_oauth, 2);
}

#[tokio::test]
async fn the_routes_do_not_exist_while_the_feature_is_disabled() {
    let server = TestServer::with()
        .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET)
        .start();
    for path in [INTROSPECT, REVOKE] {
        let answer = ask(&server, path, "x").await;
        assert_eq!((answer.status, answer.body.as_str()), (404, ""));
    }
}
