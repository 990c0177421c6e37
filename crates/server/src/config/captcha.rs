//! Captchas.

use std::time::Duration;

use portcullis_application::captcha::CaptchaOptions;
use portcullis_domain::{captcha::CaptchaPolicy, glob::Glob, secret::Secret};
use portcullis_http::routes;
use portcullis_outbound::{CaptchaProvider, CaptchaServiceOptions, ClientOptions};

use super::{
    declare::{SECONDS, boolean, choice, fraction, list, number, secret, text},
    key::{Declaration, Key, Range},
    outbound,
    settings::Settings,
};

const SECTION: &str = "plugins.captcha";
/// The first three are Better Auth's default, which protects every URL that contains one of them. The others are the
/// routes that it thus protects, and `/forget-password/email-otp`, the older spelling of
/// `/email-otp/request-password-reset`.
const DEFAULT_ENDPOINTS: &str = "/sign-up/email,/sign-in/email,/request-password-reset,/sign-in/email-otp,/email-otp/request-password-reset,/forget-password/email-otp,/phone-number/request-password-reset";
const TURNSTILE: &str = "cloudflare-turnstile";
const RECAPTCHA: &str = "google-recaptcha";
const HCAPTCHA: &str = "hcaptcha";
const CAPTCHAFOX: &str = "captchafox";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.captcha.enabled",
    "Answer requests for some routes only if they contain a solved captcha in the header `x-captcha-response`; see [captchas](captcha.md).",
)
.otherwise("`true` if there is a section `[plugins.captcha]`, even an empty one");
const PROVIDER: Key<Option<String>> = choice(
    "plugins.captcha.provider",
    &[TURNSTILE, RECAPTCHA, HCAPTCHA, CAPTCHAFOX],
    "Provider of the captcha.",
)
.otherwise("required if captchas are enabled");
const SECRET_KEY: Key<Option<Secret<String>>> = secret(
    "plugins.captcha.secret_key",
    "Secret key that the provider issued for the site.",
)
.otherwise("required if captchas are enabled");
const ENDPOINTS: Key<Vec<String>> = list(
    "plugins.captcha.endpoints",
    "Whole paths, below the base path, of the routes that need a captcha. `*` stands for any characters of one segment, `**` also for slashes.",
)
.or(DEFAULT_ENDPOINTS);
const URL: Key<Option<String>> = text(
    "plugins.captcha.site_verify_url_override",
    "Verify captchas at this URL instead of the provider's own.",
)
.otherwise("the provider's own");
const MIN_SCORE: Key<f64> = fraction(
    "plugins.captcha.min_score",
    "Minimum score of reCAPTCHA v3, from 0 to 1. Version 2 reports no score.",
)
.or("0.5");
const SITE_KEY: Key<Option<String>> = text(
    "plugins.captcha.site_key",
    "Site key for which hCaptcha or CaptchaFox must have issued the captcha.",
)
.otherwise("any site key of the account");
const HOSTNAMES: Key<Vec<String>> = list(
    "plugins.captcha.hostnames",
    "Hosts of the pages on which the captcha may be solved, without scheme and port, as the provider reports them.",
)
.or("");
const ACTION: Key<Option<String>> = text(
    "plugins.captcha.action",
    "Action that the page must name, as the provider reports it: Turnstile and reCAPTCHA v3 have actions.",
)
.otherwise("any action");
const TIMEOUT: Key<Duration> = number(
    "plugins.captcha.timeout",
    Range::new(1, 10, SECONDS),
    "How long the provider may take to answer. After that, the request is answered with 500. A request that needs a captcha may take this much longer than `limits.request_timeout`.",
)
.or("3");
const ALLOWED_HOSTS: Key<Vec<String>> = list(
    "plugins.captcha.allowed_hosts",
    "Hosts that may have private addresses and may be reached by http, for `site_verify_url_override`.",
)
.or("");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &PROVIDER.declaration,
    &SECRET_KEY.declaration,
    &ENDPOINTS.declaration,
    &URL.declaration,
    &MIN_SCORE.declaration,
    &SITE_KEY.declaration,
    &HOSTNAMES.declaration,
    &ACTION.declaration,
    &TIMEOUT.declaration,
    &ALLOWED_HOSTS.declaration,
];

/// Options of captchas.
#[derive(Clone, Debug)]
pub struct CaptchaConfig {
    /// Which routes need a captcha, and which captchas are accepted.
    pub options: CaptchaOptions,
    /// The provider.
    pub service: CaptchaServiceOptions,
    /// The client of requests to the provider.
    pub client: ClientOptions,
}

/// Returns the options, or `None` if captchas are disabled.
pub(super) fn read(settings: &mut Settings) -> Option<CaptchaConfig> {
    let is_on = settings.enables(&ENABLED, SECTION);
    let provider = provider(settings);
    let secret_key = settings.get(&SECRET_KEY);
    let secret_key = secret_key.filter(|key| !key.expose().is_empty());
    if is_on {
        require(settings, &PROVIDER, provider.is_some());
        require(settings, &SECRET_KEY, secret_key.is_some());
    }
    let client = ClientOptions {
        timeout: settings.get(&TIMEOUT),
        allowed_hosts: outbound::allowed_hosts(settings, &ALLOWED_HOSTS),
    };
    outbound::check_url(settings, &URL, &client);
    let options = CaptchaOptions {
        endpoints: endpoints(settings),
        policy: CaptchaPolicy {
            min_score: min_score(settings, provider),
            hostnames: outbound::hostnames(settings, &HOSTNAMES),
            action: settings.get(&ACTION),
        },
    };
    let service = CaptchaServiceOptions {
        provider: provider.unwrap_or(CaptchaProvider::CloudflareTurnstile),
        secret_key: secret_key.unwrap_or_else(|| Secret::new(String::new())),
        site_key: site_key(settings, provider),
        url: settings.get(&URL),
    };
    is_on.then_some(CaptchaConfig {
        options,
        service,
        client,
    })
}

/// Returns how long a request may wait for the provider.
pub(super) fn time(captcha: Option<&CaptchaConfig>) -> Duration {
    captcha.map_or(Duration::ZERO, |captcha| captcha.client.timeout)
}

/// Refuses that a key is missing or empty.
fn require(settings: &mut Settings, key: &Declaration, is_given: bool) {
    if !is_given && !settings.is_unreadable(key) {
        let place = settings.first_given(key, &[&ENABLED]);
        settings.refuse(place, format!("`{key}` is required if `{SECTION}` is enabled"));
    }
}

fn provider(settings: &Settings) -> Option<CaptchaProvider> {
    match settings.get(&PROVIDER)?.as_str() {
        TURNSTILE => Some(CaptchaProvider::CloudflareTurnstile),
        RECAPTCHA => Some(CaptchaProvider::GoogleRecaptcha),
        HCAPTCHA => Some(CaptchaProvider::HCaptcha),
        CAPTCHAFOX => Some(CaptchaProvider::CaptchaFox),
        _ => None,
    }
}

/// Returns the patterns of routes. One that no route matches would protect nothing, and is refused.
fn endpoints(settings: &mut Settings) -> Vec<Glob> {
    let mut endpoints = settings.get(&ENDPOINTS);
    if endpoints.is_empty() {
        endpoints = DEFAULT_ENDPOINTS.split(',').map(str::to_owned).collect();
    }
    for endpoint in &endpoints {
        let glob = Glob::new(endpoint.as_str());
        let mut protected = routes().filter(|route| route.is_called_by_clients());
        if !protected.any(|route| glob.matches(route.path)) {
            settings.refuse(
                &ENDPOINTS,
                format!("`{ENDPOINTS}`: no route has the path \"{endpoint}\": write whole paths below the base path, such as \"/sign-in/email\", or patterns such as \"/sign-in/**\""),
            );
        }
    }
    endpoints.into_iter().map(Glob::new).collect()
}

fn min_score(settings: &mut Settings, provider: Option<CaptchaProvider>) -> Option<f64> {
    let has_scores = provider == Some(CaptchaProvider::GoogleRecaptcha);
    let min_score = settings.get(&MIN_SCORE);
    if settings.is_given(&MIN_SCORE) && provider.is_some() && !has_scores {
        settings.refuse(
            &MIN_SCORE,
            format!("`{MIN_SCORE}` has an effect only if `{PROVIDER}` is \"{RECAPTCHA}\": remove it"),
        );
    }
    has_scores.then_some(min_score)
}

fn site_key(settings: &mut Settings, provider: Option<CaptchaProvider>) -> Option<String> {
    let site_key = settings.get(&SITE_KEY)?;
    match provider? {
        CaptchaProvider::HCaptcha | CaptchaProvider::CaptchaFox => Some(site_key),
        CaptchaProvider::CloudflareTurnstile | CaptchaProvider::GoogleRecaptcha => {
            settings.refuse(
                &SITE_KEY,
                format!("`{SITE_KEY}` has an effect only if `{PROVIDER}` is \"{HCAPTCHA}\" or \"{CAPTCHAFOX}\": remove it"),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{load, refused};

    const FILE: &str = "[plugins.captcha]\nprovider = \"cloudflare-turnstile\"\nsecret_key = \"s\"\n";

    fn recaptcha(more: &str) -> String {
        format!("[plugins.captcha]\nprovider = \"google-recaptcha\"\nsecret_key = \"s\"\n{more}")
    }

    #[test]
    fn captchas_need_a_provider_and_its_secret() {
        assert!(load("", &[]).captcha.is_none());
        assert_eq!(
            refused("[plugins.captcha]\n", &[]),
            [
                "`plugins.captcha.provider` is required if `plugins.captcha` is enabled",
                "`plugins.captcha.secret_key` is required if `plugins.captcha` is enabled"
            ]
        );
        let captcha = load(FILE, &[]).captcha.unwrap();
        assert!(!format!("{captcha:?}").contains("\"s\""));
        assert_eq!(captcha.options.policy.min_score, None);
        assert_eq!(captcha.client.timeout.as_secs(), 3);
    }

    #[test]
    fn the_minimum_score_is_a_number_from_0_to_1() {
        let score = |more: &str| {
            load(&recaptcha(more), &[])
                .captcha
                .unwrap()
                .options
                .policy
                .min_score
        };
        assert_eq!(score(""), Some(0.5));
        assert_eq!(score("min_score = 0.7"), Some(0.7));
        assert_eq!(score("min_score = 1"), Some(1.0));
        for wrong in ["1.1", "-0.1", "\"high\"", "nan"] {
            let problems = refused(&recaptcha(&format!("min_score = {wrong}")), &[]);
            assert!(
                problems[0].contains("must be a number from 0 to 1"),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn an_option_of_another_provider_is_refused() {
        assert_eq!(
            refused(&format!("{FILE}min_score = 0.5\nsite_key = \"k\"\n"), &[]),
            [
                "portcullis.toml:4: `plugins.captcha.min_score` has an effect only if `plugins.captcha.provider` is \"google-recaptcha\": remove it",
                "portcullis.toml:5: `plugins.captcha.site_key` has an effect only if `plugins.captcha.provider` is \"hcaptcha\" or \"captchafox\": remove it"
            ]
        );
    }

    #[test]
    fn an_endpoint_that_no_route_has_is_refused() {
        load(
            &format!("{FILE}endpoints = [\"/sign-in/**\", \"/get-session\"]"),
            &[],
        );
        for wrong in [
            "/sign-in",
            "/api/auth/sign-in/email",
            "sign-in/email",
            "/sign-in/email/",
            "/health",
        ] {
            let problems = refused(&format!("{FILE}endpoints = [\"{wrong}\"]"), &[]);
            let start =
                format!("portcullis.toml:4: `plugins.captcha.endpoints`: no route has the path \"{wrong}\"");
            assert!(problems[0].starts_with(&start), "{problems:?}");
        }
    }

    #[test]
    fn a_url_to_which_no_request_is_sent_is_refused() {
        let with = |more: &str| format!("{FILE}{more}");
        load(
            &with("site_verify_url_override = \"https://captcha.example/verify\""),
            &[],
        );
        load(
            &with(
                "site_verify_url_override = \"http://localhost:8080/verify\"\nallowed_hosts = [\"localhost:8080\"]",
            ),
            &[],
        );
        for (wrong, reason) in [
            ("http://localhost:8080/verify", "the URL starts with http://"),
            (
                "http://u:hidden@10.0.0.1/verify?key=hidden",
                "the URL starts with http://",
            ),
            (
                "ftp://captcha.example",
                "it is not a URL that starts with https://",
            ),
            ("captcha.example", "it is not a URL that starts with https://"),
            ("https://", "it is not a URL that starts with https://"),
            (
                "https://u:hidden@captcha.example",
                "the URL contains a user name or password",
            ),
            ("https://10.0.0.1/hidden", "the host has no public address"),
            ("https://[::1]/verify", "the host has no public address"),
        ] {
            let problems = refused(&with(&format!("site_verify_url_override = \"{wrong}\"")), &[]);
            let start = format!("portcullis.toml:4: `plugins.captcha.site_verify_url_override`: {reason}");
            assert!(problems[0].starts_with(&start), "{wrong}: {problems:?}");
            assert!(!problems[0].contains("hidden"), "{problems:?}");
        }
    }

    #[test]
    fn a_host_that_no_provider_reports_is_refused() {
        let with = |host: &str| format!("{FILE}hostnames = [\"{host}\"]");
        for host in [
            "app.example.com",
            "App.example.com",
            "localhost",
            "10.0.0.7",
            "[::1]",
        ] {
            let captcha = load(&with(host), &[]).captcha.unwrap();
            assert_eq!(captcha.options.policy.hostnames, [host]);
        }
        for wrong in [
            "https://app.example.com",
            "app.example.com/",
            "app.example.com:443",
            "app.example.com:",
            "[::1]:443",
            "*.example.com",
            "",
        ] {
            let problems = refused(&with(wrong), &[]);
            let start = format!("portcullis.toml:4: `plugins.captcha.hostnames`: \"{wrong}\" is not a host");
            assert!(problems[0].starts_with(&start), "{problems:?}");
        }
    }

    #[test]
    fn the_default_endpoints_contain_every_route_that_better_auths_default_protects() {
        let endpoints = load(FILE, &[]).captcha.unwrap().options.endpoints;
        let of_better_auth = ["/sign-up/email", "/sign-in/email", "/request-password-reset"];
        let mut protected = 0;
        for route in routes().filter(|route| route.is_called_by_clients()) {
            if of_better_auth.iter().any(|text| route.path.contains(text)) {
                protected += 1;
                let is_protected = endpoints.iter().any(|endpoint| endpoint.matches(route.path));
                assert!(is_protected, "{}", route.path);
            }
        }
        assert_eq!(protected, 6);
    }
}
