//! The requests to every provider are those of Better Auth.
//!
//! `better_auth.json` contains the requests of Better Auth 1.4.22. `better_auth.mjs` wrote it; its first lines explain
//! how.

use std::sync::Arc;

use portcullis_application::{
    ports::{AuthorizationRequest, CodeExchange},
    testing::{FixedClock, PlainTokenVerifier},
};
use portcullis_domain::secret::Secret;
use portcullis_outbound::ClientOptions;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::definitions;
use crate::{
    client::Client,
    definition::{Context, Definition},
    flow::TokenRequest,
    id_token::IdTokenVerifier,
    options::ProviderOptions,
};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const REQUESTS: [&str; 3] = ["authorization", "exchange", "refresh"];

/// A request that differs from Better Auth's.
struct Difference {
    provider: &'static str,
    /// The case of `better_auth.json`. `None`: all.
    case: Option<&'static str>,
    request: &'static str,
    better_auth: &'static str,
    ours: &'static str,
    reason: &'static str,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        provider: "paypal",
        case: None,
        request: "exchange",
        better_auth: "&redirect_uri=",
        ours: "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&redirect_uri=",
        reason: "a challenge without a verifier does not protect the code",
    },
    Difference {
        provider: "tiktok",
        case: None,
        request: "exchange",
        better_auth: "&client_id=undefined",
        ours: "",
        reason: "TikTok has no client ids",
    },
    Difference {
        provider: "tiktok",
        case: None,
        request: "refresh",
        better_auth: "&client_id=undefined",
        ours: "",
        reason: "TikTok has no client ids",
    },
    Difference {
        provider: "vk",
        case: Some("full"),
        request: "authorization",
        better_auth: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ours: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&scheme=dark",
        reason: "Better Auth has the option `scheme` and ignores it",
    },
];

/// The inputs of one case, and what Better Auth sends.
struct Case {
    provider: &'static dyn Definition,
    name: String,
    options: ProviderOptions,
    scopes: Option<Vec<String>>,
    login_hint: Option<String>,
    device_id: Option<String>,
    expected: Value,
}

fn cases() -> Vec<Case> {
    let recorded: Value = serde_json::from_str(include_str!("better_auth.json")).unwrap();
    assert_eq!(recorded["version"], "1.4.22");
    recorded["cases"].as_array().unwrap().iter().map(case).collect()
}

fn case(recorded: &Value) -> Case {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let id = recorded["provider"].as_str().unwrap();
    let provider = definitions()
        .iter()
        .find(|definition| definition.id() == id)
        .unwrap();
    let client = &recorded["client"];
    let scopes = client["scopes"].as_array();
    Case {
        provider: *provider,
        name: text(&recorded["case"]).unwrap(),
        options: options(id, &recorded["options"]),
        scopes: scopes.map(|scopes| scopes.iter().filter_map(text).collect()),
        login_hint: text(&client["loginHint"]),
        device_id: text(&client["deviceId"]),
        expected: recorded.clone(),
    }
}

fn options(id: &str, recorded: &Value) -> ProviderOptions {
    let mut options = ProviderOptions {
        client_secret: Some(Secret::new("secret".to_owned())),
        ..ProviderOptions::default()
    };
    if id != "tiktok" {
        options.client_ids.push("id".to_owned());
    }
    for (name, value) in recorded.as_object().unwrap() {
        let value = value.as_str().unwrap().to_owned();
        match name.as_str() {
            "scope" => options.scopes.push(value),
            "prompt" => options.prompt = Some(value),
            "access_type" => options.access_type = Some(value),
            "disable_default_scope" => options.disable_default_scope = true,
            _ => drop(options.extra.insert(name.clone(), value)),
        }
    }
    options
}

impl Case {
    /// Returns what this server sends, in the form of `better_auth.json`.
    fn sent(&self, client: &Client, id_tokens: &IdTokenVerifier) -> [Option<String>; 3] {
        let context = Context {
            options: &self.options,
            endpoints: &self.provider.endpoints(&self.options),
            client,
            id_tokens,
        };
        let code_verifier = Secret::new(VERIFIER.to_owned());
        let redirect_uri = format!("http://localhost:3000/api/auth/callback/{}", self.provider.id());
        let authorization = AuthorizationRequest {
            state: "s",
            code_verifier: &code_verifier,
            redirect_uri: &redirect_uri,
            scopes: self.scopes.as_deref(),
            login_hint: self.login_hint.as_deref(),
            is_link: false,
        };
        let exchange = CodeExchange {
            code: &Secret::new("c".to_owned()),
            code_verifier: &code_verifier,
            redirect_uri: &redirect_uri,
            device_id: self.device_id.as_deref(),
            user: None,
        };
        let refresh = self
            .provider
            .refresh_request(context, &Secret::new("r".to_owned()));
        [
            Some(self.provider.authorization_url(context, &authorization)),
            Some(lines(&self.provider.token_request(context, &exchange))),
            refresh.as_ref().map(lines),
        ]
    }

    /// Returns what this server must send: what Better Auth sends, with the differences.
    fn expected(&self, request: &str) -> Option<String> {
        let lines = self.expected[request]
            .as_array()?
            .iter()
            .map(|line| line.as_str().unwrap());
        let better_auth = lines.collect::<Vec<_>>().join("\n");
        let applies = |difference: &&Difference| {
            let case = difference.case.unwrap_or(&self.name);
            (difference.provider, case, difference.request) == (self.provider.id(), &self.name, request)
        };
        let differences = DIFFERENCES.iter().filter(applies);
        Some(differences.fold(better_auth, |text, difference| {
            assert!(
                text.contains(difference.better_auth),
                "{}: {text}",
                difference.reason
            );
            text.replace(difference.better_auth, difference.ours)
        }))
    }
}

/// Returns a request as `better_auth.mjs` writes it, with the headers that the client adds.
fn lines(request: &TokenRequest) -> String {
    let mut headers = vec![
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    for (name, value) in &request.headers {
        headers.retain(|(existing, _)| existing != name);
        headers.push((name, value.expose()));
    }
    let mut headers: Vec<String> = headers
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    headers.sort();
    let form = request.form.iter().map(|(name, value)| (name, value.expose()));
    let form = Serializer::new(String::new()).extend_pairs(form).finish();
    format!("POST {}\n{}\n{form}", request.endpoint, headers.join("\n"))
}

#[test]
fn every_request_is_that_of_better_auth() {
    let clock = Arc::new(FixedClock::default());
    let client = portcullis_outbound::Client::new(ClientOptions::default()).unwrap();
    let client = Client::new(client, clock.clone());
    let id_tokens = IdTokenVerifier::new(client.clone(), Arc::new(PlainTokenVerifier), clock);
    let cases = cases();
    for case in &cases {
        for (request, sent) in REQUESTS.into_iter().zip(case.sent(&client, &id_tokens)) {
            let (id, name) = (case.provider.id(), &case.name);
            assert_eq!(sent, case.expected(request), "{request} of {id}, {name}");
        }
    }
    assert_eq!(cases.len(), 3 * definitions().len());
}

#[test]
fn the_providers_are_sorted() {
    assert!(definitions().is_sorted_by_key(|definition| definition.id()));
}

/// A test with an option that does not exist would compare nothing.
#[test]
fn every_option_of_the_cases_exists() {
    for case in cases() {
        for name in case.options.extra.keys() {
            let extras = case.provider.extras();
            assert!(
                extras.iter().any(|extra| extra.name == name),
                "{} {name}",
                case.provider.id()
            );
        }
    }
}
