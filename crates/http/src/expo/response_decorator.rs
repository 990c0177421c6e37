//! Cookies by deep link: a browser that returns to an application brings it the cookies of the response.
//!
//! The application sent its user to a browser, whose cookies it cannot read. The redirect to the application therefore
//! also contains the response's cookies, in the parameter `cookie`.

use std::future;

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderMap, HeaderValue},
};
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use portcullis_domain::origin::TrustedOrigins;
use url::Url;

use super::Expo;
use crate::{
    callback,
    decorate::{Decorating, ResponseDecorator},
    route::Recipients,
};

const PARAMETER: &str = "cookie";

impl ResponseDecorator for Expo {
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()> {
        if at.route.recipients == Recipients::BrowserAndApp {
            let location = with_cookies(response.headers(), &at.options.trusted_origins);
            if let Some(location) = location {
                response.headers_mut().insert(header::LOCATION, location);
            }
        }
        future::ready(()).boxed_local()
    }
}

/// Returns the URL of the application with the response's cookies. `None`: the response does not redirect to a trusted
/// application, or sets no cookie.
fn with_cookies(response: &HeaderMap, trusted: &TrustedOrigins) -> Option<HeaderValue> {
    let location = response.get(header::LOCATION)?.to_str().ok()?;
    let mut url = Url::parse(location).ok()?;
    let cookies = cookies(response).filter(|_| trusted.trusts_app(&url))?;
    callback::set(&mut url, PARAMETER, &cookies);
    HeaderValue::from_str(url.as_str()).ok()
}

/// Returns the response's cookies as JavaScript's `Headers` joins them.
fn cookies(response: &HeaderMap) -> Option<String> {
    let lines = response.get_all(header::SET_COOKIE);
    let lines: Vec<_> = lines.filter_map(|line| line.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `Location` of a response with this one and these cookies.
    fn passed(location: &'static str, cookies: &[&'static str]) -> Option<String> {
        let mut response = HeaderMap::new();
        response.insert(header::LOCATION, HeaderValue::from_static(location));
        for cookie in cookies {
            response.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
        }
        let trusted = [
            "myapp://",
            "exp://10.0.0.*:*/**",
            "https://app.example.com",
            "*://any.example.com",
        ];
        let trusted = TrustedOrigins::new(trusted.map(str::to_owned).to_vec());
        with_cookies(&response, &trusted).map(|url| url.to_str().unwrap().to_owned())
    }

    #[test]
    fn an_application_receives_every_cookie_in_one_parameter() {
        for (location, expected) in [
            (
                "myapp://callback",
                "myapp://callback?cookie=a%3D1%3B+Path%3D%2F%2C+b%3D2%253D",
            ),
            ("myapp://", "myapp://?cookie=a%3D1%3B+Path%3D%2F%2C+b%3D2%253D"),
            (
                "myapp:///x?y=%20z#f",
                "myapp:///x?y=+z&cookie=a%3D1%3B+Path%3D%2F%2C+b%3D2%253D#f",
            ),
            (
                "exp://10.0.0.7:8081/--/x?cookie=forged&a=b&cookie=again",
                "exp://10.0.0.7:8081/--/x?cookie=a%3D1%3B+Path%3D%2F%2C+b%3D2%253D&a=b",
            ),
        ] {
            let passed = passed(location, &["a=1; Path=/", "b=2%3D"]);
            assert_eq!(passed.as_deref(), Some(expected), "{location}");
        }
        assert_eq!(passed("myapp://callback", &[]), None);
    }

    #[test]
    fn no_other_target_receives_a_cookie() {
        for location in [
            "/x",
            "//app.example.com",
            "http://app.example.com",
            "https://app.example.com/x",
            "HTTPS://app.example.com",
            "https://any.example.com",
            "evil://any.example.com",
            "evil://callback",
            "exp://10.0.1.7:8081",
            "myapp:callback",
            "javascript://any.example.com",
            "not a URL",
        ] {
            assert_eq!(passed(location, &["a=1"]), None, "{location}");
        }
    }
}
