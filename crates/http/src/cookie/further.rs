//! Cookies of sessions that a client keeps in addition to its current one.
//!
//! Such a cookie has the name of the session cookie, a mark of the feature that keeps it, and the token in lower case.
//! Its value is the signed token, as in the session cookie.

use actix_web::HttpResponse;
use chrono::TimeDelta;
use portcullis_domain::token::SessionToken;

use super::{Cookies, read, write, writer::Writer};

impl Cookies<'_> {
    /// Returns the tokens of the sessions that the client keeps under this mark, without duplicates. A cookie without a
    /// valid signature, or under the name of another session, is ignored.
    pub(crate) fn further_sessions(&self, mark: &str) -> Vec<SessionToken> {
        let beginning = self.beginning(mark);
        let mut tokens: Vec<SessionToken> = Vec::new();
        for (rest, token) in read::signed_beginning(self.headers, &beginning, self.mac) {
            let is_own = rest == token.to_ascii_lowercase();
            if is_own && tokens.iter().all(|known| *known.expose() != token) {
                tokens.push(SessionToken::new(token));
            }
        }
        tokens
    }

    /// Makes the client keep the session under this mark. `None`: until the browser closes.
    pub(crate) fn keep_session(
        &self,
        (mark, token): (&str, &SessionToken),
        lifetime: Option<TimeDelta>,
        response: &mut HttpResponse,
    ) {
        let value = write::signed(token.expose(), self.mac);
        let (name, attributes) = (
            self.name(mark, token),
            &self.options.cookies.session_token.attributes,
        );
        self.writer(response).set_as(&name, attributes, &value, lifetime);
    }

    /// Makes the client delete the cookie of the session under this mark.
    pub(crate) fn forget_session(&self, (mark, token): (&str, &SessionToken), response: &mut HttpResponse) {
        let (name, attributes) = (
            self.name(mark, token),
            &self.options.cookies.session_token.attributes,
        );
        self.writer(response).clear_as(&name, attributes);
    }

    fn writer<'a>(&'a self, response: &'a mut HttpResponse) -> Writer<'a> {
        Writer::new(self.headers, response.headers_mut(), &self.options.base_url)
    }

    fn beginning(&self, mark: &str) -> String {
        format!("{}{mark}", self.options.cookies.session_token.name.as_str())
    }

    fn name(&self, mark: &str, token: &SessionToken) -> String {
        let beginning = self.beginning(mark);
        format!("{beginning}{}", token.expose().to_ascii_lowercase())
    }
}
