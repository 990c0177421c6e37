//! How often something may happen.

use chrono::{DateTime, TimeDelta, Utc};

/// So many hits in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The time that must pass after the last admitted hit until the count begins anew.
    pub window: TimeDelta,
    /// How many hits are admitted meanwhile.
    pub max: u32,
}

/// What has been counted for one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hits {
    /// The hits that were admitted since the count began.
    pub count: u32,
    /// When the last of them was.
    pub last: DateTime<Utc>,
}

/// What becomes of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is admitted, and this is the new count.
    Admitted(Hits),
    /// It is not, and nothing is counted.
    Refused(Refused),
}

/// A hit too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Whole seconds after which the next hit would be admitted; at least one.
    pub retry_after: i64,
}

impl Rule {
    /// Decides as the reference does: the window slides from the last *admitted* hit, so a refused one does not
    /// prolong the wait. A last hit that lies further ahead than the window was told by a clock that
    /// was wrong, and is passed over: nobody is refused for as long as that clock was ahead.
    #[must_use]
    pub fn decide(self, hits: Option<Hits>, now: DateTime<Utc>) -> Decision {
        let Some(Hits { count, last }) = hits else {
            return Decision::Admitted(Hits { count: 1, last: now });
        };
        let passed = (now - last).abs();
        if passed < self.window && count >= self.max {
            return Decision::Refused(self.refusal(last, now));
        }
        let count = if passed > self.window {
            1
        } else {
            count.saturating_add(1)
        };
        Decision::Admitted(Hits { count, last: now })
    }

    /// How long to wait after a last admitted hit.
    #[must_use]
    pub fn refusal(self, last: DateTime<Utc>, now: DateTime<Utc>) -> Refused {
        let milliseconds = (last + self.window - now).num_milliseconds().max(1);
        Refused {
            retry_after: (milliseconds + 999) / 1000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule {
        window: TimeDelta::seconds(10),
        max: 3,
    };

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_767_225_600_000 + milliseconds).unwrap()
    }

    fn hits(count: u32, last: i64) -> Hits {
        Hits {
            count,
            last: at(last),
        }
    }

    #[test]
    fn hits_are_admitted_up_to_the_most_and_then_refused() {
        let mut counted = None;
        for count in 1..=3 {
            let Decision::Admitted(hits) = RULE.decide(counted, at(0)) else {
                panic!("hit {count} is admitted");
            };
            assert_eq!(hits, Hits { count, last: at(0) });
            counted = Some(hits);
        }
        assert_eq!(
            RULE.decide(counted, at(0)),
            Decision::Refused(Refused { retry_after: 10 })
        );
    }

    #[test]
    fn the_wait_is_rounded_up_and_ends_with_the_window() {
        for (now, retry_after) in [(1, 10), (1000, 9), (8999, 2), (9000, 1), (9999, 1)] {
            assert_eq!(
                RULE.decide(Some(hits(3, 0)), at(now)),
                Decision::Refused(Refused { retry_after }),
                "{now}"
            );
        }
        let admitted = Hits {
            count: 4,
            last: at(10_000),
        };
        assert_eq!(
            RULE.decide(Some(hits(3, 0)), at(10_000)),
            Decision::Admitted(admitted)
        );
        let anew = Hits {
            count: 1,
            last: at(10_001),
        };
        assert_eq!(
            RULE.decide(Some(hits(3, 0)), at(10_001)),
            Decision::Admitted(anew)
        );
    }

    #[test]
    fn a_steady_client_below_the_most_is_counted_on() {
        let admitted = Hits {
            count: 3,
            last: at(9000),
        };
        assert_eq!(
            RULE.decide(Some(hits(2, 0)), at(9000)),
            Decision::Admitted(admitted)
        );
    }

    #[test]
    fn a_clock_that_went_back_refuses_no_longer_than_the_window_and_its_error() {
        assert_eq!(
            RULE.decide(Some(hits(3, 5000)), at(0)),
            Decision::Refused(Refused { retry_after: 15 })
        );
        let anew = Hits {
            count: 1,
            last: at(0),
        };
        assert_eq!(
            RULE.decide(Some(hits(3, 10_001)), at(0)),
            Decision::Admitted(anew)
        );
    }
}
