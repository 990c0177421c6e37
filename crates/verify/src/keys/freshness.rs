//! How long fetched keys are used.

use std::time::{Duration, SystemTime};

use reqwest::header::{AGE, CACHE_CONTROL, HeaderMap};

/// Lifetime of keys whose response has no `Cache-Control`.
const DEFAULT: Duration = Duration::from_mins(5);
/// Bounds for the lifetime that the server chooses.
const SHORTEST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_hours(1);
/// Time after the end of the lifetime in which keys are used while new ones are fetched in the background.
const GRACE: Duration = Duration::from_mins(1);

/// The age of the keys, which determines their use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// Use them.
    Fresh,
    /// Use them, and fetch new ones in the background.
    Due,
    /// Fetch new ones; use these only if that fails.
    Stale,
    /// Do not use them.
    Expired,
}

/// Returns the age of keys that were fetched at this time and live this long.
pub(super) fn age(fetched: SystemTime, lifetime: Duration, now: SystemTime, max_stale: Duration) -> Age {
    // If the clock was set back, the age is unknown.
    let Ok(age) = now.duration_since(fetched) else {
        return Age::Stale;
    };
    if age < lifetime {
        Age::Fresh
    } else if age >= lifetime.saturating_add(max_stale) {
        Age::Expired
    } else if age < lifetime + GRACE {
        Age::Due
    } else {
        Age::Stale
    }
}

/// Returns how long a response may be used, within bounds.
pub(super) fn lifetime(headers: &HeaderMap) -> Duration {
    let directives = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase());
    let mut lifetime = DEFAULT;
    for directive in directives {
        if directive == "no-store" || directive == "no-cache" {
            return SHORTEST;
        }
        if let Some(seconds) = directive.strip_prefix("max-age=") {
            let seconds = seconds.trim_matches('"').parse();
            lifetime = seconds.map_or(SHORTEST, Duration::from_secs);
        }
    }
    let spent = headers.get(AGE).and_then(|age| age.to_str().ok()?.parse().ok());
    lifetime
        .saturating_sub(Duration::from_secs(spent.unwrap_or(0)))
        .clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[(&str, &str)]) -> u64 {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name: reqwest::header::HeaderName = name.parse().unwrap();
            headers.append(name, value.parse().unwrap());
        }
        lifetime(&headers).as_secs()
    }

    #[test]
    fn the_servers_lifetime_is_used_within_bounds() {
        assert_eq!(of(&[]), 300);
        assert_eq!(of(&[("cache-control", "public, max-age=600")]), 600);
        assert_eq!(
            of(&[("cache-control", "public"), ("cache-control", "Max-Age=90")]),
            90
        );
        assert_eq!(of(&[("cache-control", "max-age=600"), ("age", "540")]), 60);
        assert_eq!(of(&[("cache-control", "max-age=600"), ("age", "9999")]), 30);
        assert_eq!(of(&[("cache-control", "max-age=1")]), 30);
        assert_eq!(of(&[("cache-control", "max-age=31536000")]), 3600);
        assert_eq!(of(&[("cache-control", "max-age=soon")]), 30);
        assert_eq!(of(&[("cache-control", "max-age=600, no-cache")]), 30);
        assert_eq!(of(&[("cache-control", "no-store")]), 30);
    }

    #[test]
    fn keys_are_stale_for_a_limited_time() {
        let start = SystemTime::UNIX_EPOCH + Duration::from_hours(10);
        let after = |seconds| {
            age(
                start,
                DEFAULT,
                start + Duration::from_secs(seconds),
                Duration::from_hours(1),
            )
        };
        assert_eq!((after(0), after(299)), (Age::Fresh, Age::Fresh));
        assert_eq!((after(300), after(359)), (Age::Due, Age::Due));
        assert_eq!((after(360), after(3899)), (Age::Stale, Age::Stale));
        assert_eq!(after(3900), Age::Expired);
        let set_back = start - Duration::from_secs(1);
        assert_eq!(age(start, DEFAULT, set_back, Duration::ZERO), Age::Stale);
        assert_eq!(age(start, DEFAULT, start + DEFAULT, Duration::ZERO), Age::Expired);
    }
}
