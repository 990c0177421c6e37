//! The description of the server's routes.

use portcullis_http::OpenApiPage;

use super::{
    declare::{boolean, text},
    key::{Declaration, Key},
    mode::Mode,
    path::{TAKEN, check_new},
    settings::Settings,
};

const SECTION: &str = "plugins.open_api";
/// The path of the page, unless another one is set.
const OWN: &str = "/reference";
/// Characters of base64, in both alphabets.
const OF_BASE64: &[u8] = b"+/-_=";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.open_api.enabled",
    "Describe the routes of this server: `/open-api/generate-schema` returns an OpenAPI document, and `/reference` shows it as a page.",
)
.otherwise("`true` in development, and if there is a section `[plugins.open_api]`, even an empty one");
const PATH: Key<String> = text("plugins.open_api.path", "Path of the page, below the base path.").or(OWN);
const DISABLE_PAGE: Key<bool> = boolean(
    "plugins.open_api.disable_default_reference",
    "Return 404 instead of the page. The document is still returned.",
)
.or("false");
const NONCE: Key<Option<String>> = text(
    "plugins.open_api.nonce",
    "Attribute `nonce` of the page's style and script, for a content security policy that a proxy adds. The policy of the page allows both anyway.",
)
.otherwise("no attribute");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &PATH.declaration,
    &DISABLE_PAGE.declaration,
    &NONCE.declaration,
];

/// How the routes are described.
#[derive(Clone, Debug)]
pub struct OpenApiOptions {
    /// The page. `None`: there is only the document.
    pub page: Option<OpenApiPage>,
}

/// Returns how the routes are described, or `None` if they are not. `jwks_path` is the path of the published JWT keys.
pub(super) fn read(
    settings: &mut Settings,
    mode: Mode,
    base_path: &str,
    jwks_path: &str,
) -> Option<OpenApiOptions> {
    let path = path(settings, base_path, jwks_path);
    let nonce = settings.get(&NONCE);
    if nonce.as_deref().is_some_and(|nonce| !is_nonce(nonce)) {
        settings.refuse(
            &NONCE,
            format!(
                "`{NONCE}` must consist of characters of base64: letters, digits, `+`, `/`, `-`, `_` and `=`"
            ),
        );
    }
    let is_on = settings
        .get(&ENABLED)
        .unwrap_or_else(|| mode == Mode::Development || settings.has_section(SECTION));
    let page = OpenApiPage::new(path, nonce);
    is_on.then(|| OpenApiOptions {
        page: (!settings.get(&DISABLE_PAGE)).then_some(page),
    })
}

fn path(settings: &mut Settings, base_path: &str, jwks_path: &str) -> String {
    let path = settings.get(&PATH);
    let checked = match check_new(&path, base_path, &[OWN]) {
        Ok(()) if path == jwks_path => Err(TAKEN.to_owned()),
        checked => checked,
    };
    if settings.is_given(&PATH)
        && let Err(reason) = checked
    {
        settings.refuse(&PATH, format!("`{PATH}`: \"{path}\" {reason}"));
    }
    path
}

fn is_nonce(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || OF_BASE64.contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{load, refused};

    fn file(path: &str) -> String {
        format!("[plugins.open_api]\npath = \"{path}\"\n")
    }

    #[test]
    fn the_path_of_the_page_must_be_free() {
        for path in [
            "/jwks",
            "/.well-known/jwks.json",
            "/reset-password/abc",
            "/portcullis/forward-auth/x",
        ] {
            let problem = format!(
                "portcullis.toml:2: `plugins.open_api.path`: \"{path}\" is the path of another endpoint"
            );
            assert_eq!(refused(&file(path), &[]), [problem]);
        }
        for path in ["/", "/health/live"] {
            load(&file(path), &[]);
            let problems = refused(&file(path), &[("PORTCULLIS_BASE_PATH", "/")]);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(
                problems[0].ends_with("is the path of another endpoint"),
                "{problems:?}"
            );
        }
        for path in ["/reference", "/docs"] {
            let options = load(&file(path), &[]).open_api;
            assert_eq!(options.unwrap().page.unwrap().path(), path);
        }
    }

    #[test]
    fn the_page_and_the_published_keys_have_different_paths() {
        let file = format!("plugins.jwt.jwks.jwks_path = \"/docs\"\n{}", file("/docs"));
        assert_eq!(
            refused(&file, &[]),
            ["portcullis.toml:3: `plugins.open_api.path`: \"/docs\" is the path of another endpoint"]
        );
        let default = "plugins.jwt.jwks.jwks_path = \"/reference\"\n";
        assert_eq!(
            refused(default, &[]),
            [
                "portcullis.toml:1: `plugins.jwt.jwks.jwks_path`: \"/reference\" is the path of another endpoint"
            ]
        );
    }
}
