//! The pages that browsers see.

use portcullis_http::Pages;
use url::{Position, Url};

use super::{
    declare::text,
    delivery::APP_NAME,
    key::{Declaration, Key},
    mode::Mode,
    settings::Settings,
};

const DEFAULT_REDIRECT_URL: Key<Option<String>> = text("default_redirect_url", "Start page of the front end. Built-in pages link to it. In production, the root of `base_url` redirects to it, for example when a user has followed a link for which the client named no page.").otherwise("the root of `base_url`, which is a built-in page");
const ERROR_URL: Key<Option<String>> = text(
    "on_api_error.error_url",
    "Page that shows errors of links. It gets the parameters `error` and `error_description`.",
)
.otherwise("a built-in page in development, the root of `base_url` in production");

/// The keys outside of sections, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&DEFAULT_REDIRECT_URL.declaration];
/// The keys of the section `on_api_error`.
pub(super) const ERROR_KEYS: &[&Declaration] = &[&ERROR_URL.declaration];

/// Reads the options of pages.
pub(super) fn read(settings: &mut Settings, mode: Mode, base_url: &Url) -> Pages {
    Pages {
        app_name: settings.get(&APP_NAME),
        // wire: Better Auth shows its own error page in development only.
        is_development: mode == Mode::Development,
        error_url: page(settings, &ERROR_URL),
        // The root must not redirect to itself.
        default_redirect_url: page(settings, &DEFAULT_REDIRECT_URL).filter(|url| !is_own_root(url, base_url)),
    }
}

/// Whether a URL is the root of the server, with any query.
fn is_own_root(url: &str, base_url: &Url) -> bool {
    base_url
        .join(url)
        .is_ok_and(|url| url[..Position::AfterPath] == base_url[..Position::AfterPath])
}

fn page(settings: &mut Settings, key: &Key<Option<String>>) -> Option<String> {
    let url = settings.get(key)?;
    let is_path = url.starts_with('/') && !url.starts_with("//") && !url.contains('\\');
    let is_web = Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_path && !is_web {
        settings.refuse(
            key,
            format!("`{key}` must be an http or https URL, or a path such as /welcome"),
        );
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_the_server_is_recognised_with_any_query() {
        let base_url = Url::parse("https://auth.example.com").unwrap();
        for (url, is_root) in [
            ("/", true),
            ("/?a=1", true),
            ("/#a", true),
            ("https://auth.example.com", true),
            ("https://auth.example.com/?x=1", true),
            ("/welcome", false),
            ("https://auth.example.com/welcome", false),
            ("https://app.example.com/", false),
            ("http://auth.example.com/", false),
            ("https://auth.example.com:8443/", false),
        ] {
            assert_eq!(is_own_root(url, &base_url), is_root, "{url}");
        }
    }
}
