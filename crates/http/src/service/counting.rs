//! What requests are counted as.

use actix_web::HttpRequest;
use portcullis_domain::token::SessionToken;

use super::{Service, target::Target};
use crate::{
    credential::Presented,
    extract::client,
    layer::rate_limit::Counted,
    route::{CalledBy, Route},
};

/// A request for the rate limits.
pub(super) struct Counting {
    pub(super) counted: Counted,
    /// The token of the session that the request is counted as, instead of its address.
    pub(super) session: Option<SessionToken>,
}

impl Service {
    /// Returns what the request is counted as. `may_present`: whether its session tokens may be read.
    pub(super) fn counting(&self, target: &Target<'_>, request: &HttpRequest, may_present: bool) -> Counting {
        let looks_up = matches!(target, Target::Route(found) if found.route.looks_up_sessions());
        if !looks_up || !may_present || !self.app.rate_limit.is_on() {
            return Counting {
                counted: self.counted(target, request),
                session: None,
            };
        }
        let presented = self.presented(request.headers());
        let session = self.counted_session(&presented);
        let counted = match target {
            Target::Route(found) if found.route.called_by == CalledBy::Proxies => {
                self.counted_for_proxy(found.route, request, &presented)
            }
            _ => self.counted(target, request),
        };
        Counting { counted, session }
    }

    /// Returns the first token with this server's signature whose session is not known to have ended. `None`: the
    /// request presents none. The tokens of ended sessions must not be counted separately, or their owners could send
    /// requests without limit.
    fn counted_session(&self, presented: &Presented) -> Option<SessionToken> {
        let mut tokens = presented.tokens.iter().filter(|_| presented.is_signed);
        tokens
            .find(|token| !self.app.sessions.is_known_to_have_ended(token))
            .cloned()
    }

    /// Returns what a request is counted as that a proxy sends for each request of its clients.
    ///
    /// A request with a signed token of a live session is not counted, since a page needs many requests. Other requests
    /// are counted by the address that a trusted proxy forwards. Without such an address, all clients of the proxy
    /// share its address and its count. Only requests with unsigned tokens are counted then: clients can invent such
    /// tokens, and each causes a lookup.
    fn counted_for_proxy(&self, route: &Route, request: &HttpRequest, presented: &Presented) -> Counted {
        let path = Counted::Path(route.path, route.limit);
        if self.counted_session(presented).is_some() {
            return Counted::Never;
        }
        let (proxies, names) = (&self.options.trusted_proxies, &self.options.address_headers);
        let is_users_own = client::of(request, proxies, names).is_forwarded;
        let may_be_invented = !presented.is_signed && !presented.tokens.is_empty();
        if is_users_own || may_be_invented {
            path
        } else {
            Counted::Never
        }
    }

    /// Returns what the request is counted as. A path counts the same for every method. A route at the root
    /// is counted only if it is also below the base path: health checks must always be answered.
    fn counted(&self, target: &Target<'_>, request: &HttpRequest) -> Counted {
        match target {
            Target::Preflight(_) => Counted::Never,
            Target::Route(found) if !found.route.is_counted() => Counted::Never,
            Target::Route(found) if found.route.is_for_services() => {
                Counted::Rejection(found.route.path, found.route.limit)
            }
            Target::Route(found) => Counted::Path(found.route.path, found.route.limit),
            Target::Disabled => Counted::Unmatched,
            Target::Nothing(_) => {
                let route = self.routes.of_any_method(self.path(request));
                route.map_or(Counted::Unmatched, |route| Counted::Path(route.path, route.limit))
            }
        }
    }
}
