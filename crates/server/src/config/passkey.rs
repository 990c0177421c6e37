//! Passkeys.

use portcullis_application::passkey::PasskeyOptions;
use portcullis_domain::{
    additional::FieldSchema,
    passkey::{Attachment, AuthenticatorSelection, Requirement},
};
use portcullis_http::Options;
use url::{Host, Url};

use super::{
    declare::{boolean, choice, list, text},
    delivery,
    key::{Declaration, Key},
    settings::Settings,
    tables::Schema,
};

const SECTION: &str = "plugins.passkey";
const REQUIREMENTS: &[&str] = &["required", "preferred", "discouraged"];

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.passkey.enabled",
    "Let users register passkeys, and sign in with them; see [passkeys](passkey.md).",
)
.otherwise("`true` if there is a section `[plugins.passkey]`, even an empty one, but not if it only contains `schema`");
const RP_ID: Key<Option<String>> = text(
    "plugins.passkey.rp_id",
    "Domain to which passkeys belong: that of your pages, or a domain above it. Passkeys of another domain are no longer accepted after a change.",
)
.otherwise("the host of `base_url`");
const RP_NAME: Key<Option<String>> = text(
    "plugins.passkey.rp_name",
    "Name of the application that authenticators show.",
)
.otherwise("`app_name`, or `Better Auth` if that is not set, as in Better Auth");
const ORIGIN: Key<Vec<String>> = list(
    "plugins.passkey.origin",
    "The only origins of pages on which passkeys are accepted, such as `https://app.example.com`. If not set, passkeys are accepted on pages of `trusted_origins`, and each request must contain the origin of its page.",
)
.or("");
const ATTACHMENT: Key<Option<String>> = choice(
    "plugins.passkey.authenticator_selection.authenticator_attachment",
    &["platform", "cross-platform"],
    "Kind of authenticators that registrations ask for: `platform` is built into the user's device, `cross-platform` is a separate device such as a security key. A request can ask for the other kind.",
)
.otherwise("both");
const RESIDENT_KEY: Key<String> = choice(
    "plugins.passkey.authenticator_selection.resident_key",
    REQUIREMENTS,
    "Whether registrations ask for passkeys with which users can sign in without an e-mail address.",
)
.or("preferred");
const USER_VERIFICATION: Key<String> = choice(
    "plugins.passkey.authenticator_selection.user_verification",
    REQUIREMENTS,
    "Whether authenticators must verify their users, for example by a PIN or a fingerprint. With `required`, registrations and sign-ins without it are rejected, unlike in Better Auth. With the other values, a sign-in without it asks for the second factor, if the user has one.",
)
.or("preferred");
/// The key that names the cookie of a challenge.
pub(super) const COOKIE: Key<String> = text(
    "plugins.passkey.advanced.webauthn_challenge_cookie",
    "Name of the cookie that belongs to a registration or a sign-in, after `advanced.cookie_prefix` and a dot.",
)
.or("better-auth-passkey");
pub(super) const SCHEMA: Schema = Schema::new("plugins.passkey.schema", &["passkey"], Vec::new);

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &RP_ID.declaration,
    &RP_NAME.declaration,
    &ORIGIN.declaration,
    &ATTACHMENT.declaration,
    &RESIDENT_KEY.declaration,
    &USER_VERIFICATION.declaration,
    &COOKIE.declaration,
    &SCHEMA.key.declaration,
];

fn is_on(settings: &Settings) -> bool {
    settings.enables(&ENABLED, SECTION)
}

/// Returns the table of the plugin, if it is enabled. A deployment adds no fields to it.
pub(super) fn tables(settings: &mut Settings) -> Vec<(&'static str, FieldSchema)> {
    let is_on = is_on(settings);
    is_on
        .then(|| ("passkey", FieldSchema::default()))
        .into_iter()
        .collect()
}

/// Returns the options, or `None` if there are no passkeys.
pub(super) fn read(settings: &mut Settings, http: &Options) -> Option<PasskeyOptions> {
    let is_on = is_on(settings);
    let rp_id = rp_id(settings, &http.base_url, is_on);
    let origins = origins(settings, &rp_id);
    let options = PasskeyOptions {
        rp_id,
        rp_name: settings
            .get(&RP_NAME)
            .unwrap_or_else(|| delivery::shown_app_name(settings)),
        origins,
        trusted_origins: http.trusted_origins.clone(),
        selection: AuthenticatorSelection {
            attachment: settings.get(&ATTACHMENT).map(|name| attachment(&name)),
            resident_key: requirement(settings, &RESIDENT_KEY),
            user_verification: requirement(settings, &USER_VERIFICATION),
        },
    };
    is_on.then_some(options)
}

fn attachment(name: &str) -> Attachment {
    if name == Attachment::Platform.name() {
        Attachment::Platform
    } else {
        Attachment::CrossPlatform
    }
}

fn requirement(settings: &Settings, key: &Key<String>) -> Requirement {
    match settings.get(key).as_str() {
        "required" => Requirement::Required,
        "discouraged" => Requirement::Discouraged,
        _ => Requirement::Preferred,
    }
}

fn rp_id(settings: &mut Settings, base_url: &Url, is_on: bool) -> String {
    let Some(id) = settings.get(&RP_ID) else {
        if is_on && base_url.domain().is_none() {
            let text = format!(
                "browsers accept no passkeys for the IP address in `base_url`: set `{RP_ID}`, or use a domain such as localhost"
            );
            settings.warn(&ENABLED, text);
        }
        return base_url.host_str().unwrap_or("localhost").to_owned();
    };
    // Browsers compare the id with the host of a page, in the form in which they show hosts. They accept no IP address.
    if Host::parse(&id) != Ok(Host::Domain(id.clone())) {
        let text = format!(
            "`{RP_ID}`: \"{id}\" must be a domain in lower case, without a scheme, a port and a path, such as example.com, and no IP address"
        );
        settings.refuse(&RP_ID, text);
    }
    id
}

/// Browsers send origins in one form, and only that is accepted.
fn origins(settings: &mut Settings, rp_id: &str) -> Vec<String> {
    let origins = settings.get(&ORIGIN);
    for origin in &origins {
        if origin.contains('*') {
            let text = format!("`{ORIGIN}`: \"{origin}\" would match no page; list each origin without `*`");
            settings.refuse(&ORIGIN, text);
            continue;
        }
        let web = Url::parse(origin)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        if web.as_ref().is_some_and(|url| !is_below(url, rp_id)) {
            let text = format!(
                "`{ORIGIN}`: browsers use passkeys of \"{rp_id}\" on \"{origin}\" only if that domain lists it in /.well-known/webauthn"
            );
            settings.warn(&ORIGIN, text);
        }
        let form = web.map(|url| url.origin().ascii_serialization());
        let is_of_app = form.is_none() && origin.contains(':') && !origin.contains(char::is_whitespace);
        if !is_of_app && form.as_ref() != Some(origin) {
            let form = form.unwrap_or_else(|| "https://app.example.com".to_owned());
            let text =
                format!("`{ORIGIN}`: \"{origin}\" would match no page; write an origin such as {form}");
            settings.refuse(&ORIGIN, text);
        }
    }
    origins
}

/// Whether the host of a page is the domain `rp_id` or below it.
fn is_below(page: &Url, rp_id: &str) -> bool {
    let host = page.host_str().unwrap_or_default();
    host.strip_suffix(rp_id)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{load, refused};

    fn problem(lines: &str) -> String {
        refused(&format!("[plugins.passkey]\n{lines}"), &[]).join("\n")
    }

    #[test]
    fn passkeys_belong_to_the_host_of_the_server_by_default() {
        let options = |file: &str| load(file, &[]).passkey;
        assert!(options("").is_none());
        assert!(options("[plugins.passkey]\nenabled = false\n").is_none());
        let default = options("base_url = \"http://auth.localhost:3000\"\n[plugins.passkey]\n").unwrap();
        assert_eq!(
            (default.rp_id.as_str(), default.rp_name.as_str()),
            ("auth.localhost", "Better Auth")
        );
        assert!(
            default.origins.is_empty()
                && default
                    .trusted_origins
                    .trusts_origin("http://auth.localhost:3000")
        );
        let named = options("app_name = \"Acme\"\n[plugins.passkey]\nrp_id = \"localhost\"\n").unwrap();
        assert_eq!(
            (named.rp_id.as_str(), named.rp_name.as_str()),
            ("localhost", "Acme")
        );
    }

    #[test]
    fn an_origin_may_be_one_text_or_several_and_also_that_of_an_app() {
        let origins = |value: &str| {
            let file = format!("[plugins.passkey]\norigin = {value}\n");
            load(&file, &[]).passkey.unwrap().origins
        };
        assert_eq!(origins(r#""https://a.test""#), ["https://a.test"]);
        assert_eq!(
            origins(r#"["https://a.test:8443", "android:apk-key-hash:x-_"]"#),
            ["https://a.test:8443", "android:apk-key-hash:x-_"]
        );
    }

    #[test]
    fn an_rp_id_or_an_origin_that_no_browser_uses_is_refused() {
        for id in [
            "https://example.com",
            "example.com:443",
            "Example.com",
            "a/b",
            "192.0.2.1",
            "[::1]",
        ] {
            let problem = problem(&format!("rp_id = \"{id}\""));
            assert!(
                problem.contains("must be a domain in lower case"),
                "{id}: {problem}"
            );
        }
        for (origin, form) in [
            ("https://a.test/", "https://a.test"),
            ("https://A.test", "https://a.test"),
            ("https://a.test:443", "https://a.test"),
            ("a.test", "https://app.example.com"),
        ] {
            let problem = problem(&format!("origin = \"{origin}\""));
            let end = format!("write an origin such as {form}");
            assert!(problem.ends_with(&end), "{origin}: {problem}");
        }
        let wildcard = problem("origin = \"https://*.example.com\"");
        assert!(wildcard.ends_with("list each origin without `*`"), "{wildcard}");
    }

    #[test]
    fn a_deployment_in_which_browsers_accept_no_passkeys_is_warned() {
        let warnings = |file: &str| {
            let config = load(file, &[]);
            let warnings = config.warnings.iter().map(ToString::to_string);
            warnings.filter(|text| text.contains("browsers")).count()
        };
        assert_eq!(
            warnings("base_url = \"http://127.0.0.1:3000\"\n[plugins.passkey]\n"),
            1
        );
        assert_eq!(warnings("base_url = \"http://127.0.0.1:3000\"\n"), 0);
        let origin = |page: &str| {
            warnings(&format!(
                "[plugins.passkey]\nrp_id = \"example.com\"\norigin = \"{page}\"\n"
            ))
        };
        assert_eq!(
            origin("https://example.com") + origin("https://a.b.example.com:8443"),
            0
        );
        assert_eq!(
            origin("https://badexample.com") + origin("https://example.com.test"),
            2
        );
        assert_eq!(origin("android:apk-key-hash:x-_"), 0);
    }

    #[test]
    fn the_key_that_names_the_cookie_of_a_challenge_like_another_cookie_is_refused() {
        let problem = problem("advanced.webauthn_challenge_cookie = \"session_token\"");
        let start = "`plugins.passkey.advanced.webauthn_challenge_cookie` is the name of two cookies";
        assert!(problem.contains(start), "{problem}");
    }

    #[test]
    fn an_unknown_key_is_answered_with_the_keys_of_the_section() {
        let problem = problem("foo = 1");
        assert!(
            problem.contains(
                "unknown key `plugins.passkey.foo`: the keys of `plugins.passkey` are `enabled`, `rp_id`"
            ),
            "{problem}"
        );
    }
}
