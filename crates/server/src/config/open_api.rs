//! The description of the server's routes.

use portcullis_http::OpenApiPage;

use super::{
    declare::{boolean, text},
    key::{Declaration, Key},
    mode::Mode,
    path::check_new,
    settings::Settings,
};

const SECTION: &str = "plugins.open_api";
/// Characters of base64, in both alphabets.
const OF_BASE64: &[u8] = b"+/-_=";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.open_api.enabled",
    "Describe the routes of this server: `/open-api/generate-schema` returns an OpenAPI document, and `/reference` shows it as a page.",
)
.otherwise("`true` in development, and if there is a section `[plugins.open_api]`, even an empty one");
const PATH: Key<String> =
    text("plugins.open_api.path", "Path of the page, below the base path.").or("/reference");
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

/// Returns how the routes are described, or `None` if they are not.
pub(super) fn read(settings: &mut Settings, mode: Mode, base_path: &str) -> Option<OpenApiOptions> {
    let path = settings.get(&PATH);
    if settings.is_given(&PATH)
        && path != "/reference"
        && let Err(reason) = check_new(&path, base_path)
    {
        settings.refuse(&PATH, format!("`{PATH}`: \"{path}\" {reason}"));
    }
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
    let page = OpenApiPage { path, nonce };
    is_on.then(|| OpenApiOptions {
        page: (!settings.get(&DISABLE_PAGE)).then_some(page),
    })
}

fn is_nonce(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || OF_BASE64.contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}
