use proptest::prelude::*;

use super::*;

const RULE: Rule = Rule {
    window: TimeDelta::seconds(10),
    max: 3,
};
const WINDOW: i64 = 10_000;
const START: i64 = 1_767_225_600_000;

fn at(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(START + milliseconds).unwrap()
}

fn hits(times: &[i64]) -> Hits {
    times.iter().map(|time| START + time).collect()
}

fn denied(retry_after: i64) -> Decision {
    Decision::Denied(Denied { retry_after })
}

/// Returns the decision on a hit at `now` after these hits, and the hits afterwards.
fn decided(before: &[i64], now: i64) -> (Decision, Vec<i64>) {
    let mut hits = hits(before);
    let decision = RULE.decide(&mut hits, at(now));
    (decision, hits.into_iter().map(|time| time - START).collect())
}

#[test]
fn hits_are_allowed_up_to_the_maximum_and_then_denied() {
    assert_eq!(decided(&[], 0), (Decision::Allowed, vec![0]));
    assert_eq!(decided(&[0], 1), (Decision::Allowed, vec![0, 1]));
    assert_eq!(decided(&[0, 1], 2), (Decision::Allowed, vec![0, 1, 2]));
    assert_eq!(decided(&[0, 1, 2], 3), (denied(10), vec![0, 1, 2]));
}

#[test]
fn each_hit_leaves_the_window_by_itself() {
    let after = vec![4000, 8000, 10_000];
    assert_eq!(decided(&[0, 4000, 8000], 9999), (denied(1), vec![0, 4000, 8000]));
    assert_eq!(
        decided(&[0, 4000, 8000], 10_000),
        (Decision::Allowed, after.clone())
    );
    assert_eq!(decided(&after, 10_001), (denied(4), after));
}

#[test]
fn the_wait_is_rounded_up_and_ends_when_the_oldest_hit_leaves() {
    for (now, retry_after) in [(1, 10), (1000, 9), (8999, 2), (9000, 1), (9999, 1)] {
        assert_eq!(decided(&[0, 0, 1], now).0, denied(retry_after), "{now}");
    }
}

#[test]
fn after_a_rule_became_stricter_hits_are_denied_until_few_enough_are_left() {
    assert_eq!(decided(&[0, 1000, 2000, 3000, 4000], 5000).0, denied(7));
}

#[test]
fn a_clock_that_went_back_denies_hits_for_at_most_the_window_and_its_error() {
    assert_eq!(decided(&[5000, 5000, 5000], 0).0, denied(15));
    assert_eq!(decided(&[9999, 9999, 9999], 0).0, denied(20));
    let far = [10_000, 10_000, 10_000];
    assert_eq!(decided(&far, 0), (Decision::Allowed, vec![0]));
    assert_eq!(decided(&[5000], 0), (Decision::Allowed, vec![0, 5000]));
    assert_eq!(
        decided(&[i64::MIN / 2, i64::MAX / 2], 0),
        (Decision::Allowed, vec![0])
    );
}

#[test]
fn a_log_frees_the_memory_that_a_burst_took() {
    let rule = Rule { max: 1000, ..RULE };
    let mut hits = Hits::default();
    for _ in 0..1000 {
        assert_eq!(rule.decide(&mut hits, at(0)), Decision::Allowed);
    }
    assert!(hits.capacity() >= 1000);
    assert_eq!(rule.decide(&mut hits, at(WINDOW)), Decision::Allowed);
    assert!(hits.capacity() < 10);
}

/// Times of hits, with these gaps between them.
fn times(gap: std::ops::Range<i64>) -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::vec(gap, 1..200).prop_map(|gaps| {
        gaps.into_iter()
            .scan(0, |now, gap| {
                *now += gap;
                Some(*now)
            })
            .collect()
    })
}

fn rules() -> impl Strategy<Value = Rule> {
    (1_i64..6, 1_u32..8).prop_map(|(seconds, max)| Rule {
        window: TimeDelta::seconds(seconds),
        max,
    })
}

fn max(rule: Rule) -> usize {
    usize::try_from(rule.max).unwrap()
}

/// Returns how many of these times are within the window that ends with `now`.
fn recent(times: &[i64], rule: Rule, now: i64) -> usize {
    let window = rule.window.num_milliseconds();
    times
        .iter()
        .filter(|time| (now - window + 1..=now).contains(*time))
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    /// The naive model keeps every allowed hit and counts those of the last window.
    #[test]
    fn the_log_decides_as_a_naive_model_does(rule in rules(), times in times(0..2500)) {
        let (mut hits, mut model) = (Hits::default(), Vec::new());
        for now in times {
            let is_allowed = rule.decide(&mut hits, at(now)) == Decision::Allowed;
            prop_assert_eq!(is_allowed, recent(&model, rule, now) < max(rule), "{}", now);
            if is_allowed {
                model.push(now);
            }
        }
    }

    #[test]
    fn no_window_allows_more_hits_than_the_maximum(rule in rules(), times in times(0..2500)) {
        let mut hits = Hits::default();
        let allowed: Vec<_> = times
            .into_iter()
            .filter(|now| rule.decide(&mut hits, at(*now)) == Decision::Allowed)
            .collect();
        for end in &allowed {
            prop_assert!(recent(&allowed, rule, *end) <= max(rule));
        }
    }

    /// The client drops each request that would exceed the rate, and sends all others.
    #[test]
    fn a_client_within_the_rate_is_never_denied(rule in rules(), times in times(0..2500)) {
        let (mut hits, mut sent) = (Hits::default(), Vec::new());
        for now in times {
            if recent(&sent, rule, now) < max(rule) {
                sent.push(now);
                prop_assert_eq!(rule.decide(&mut hits, at(now)), Decision::Allowed, "{}", now);
            }
        }
    }

    #[test]
    fn a_client_that_waits_for_retry_after_is_allowed(rule in rules(), times in times(-9000..9000)) {
        let mut hits = Hits::default();
        for now in times {
            if let Decision::Denied(Denied { retry_after }) = rule.decide(&mut hits, at(now)) {
                prop_assert!((1..2 * rule.window.num_seconds() + 1).contains(&retry_after));
                let before = hits.clone();
                let earlier = rule.decide(&mut hits, at(now + (retry_after - 1) * 1000));
                prop_assert!(matches!(earlier, Decision::Denied(_)));
                prop_assert_eq!(&hits, &before, "a denied hit is not counted");
                let later = rule.decide(&mut hits, at(now + retry_after * 1000));
                prop_assert_eq!(later, Decision::Allowed);
                hits = before;
            }
        }
    }

    /// The clock goes back between two runs of hits, and does not go back within a run.
    #[test]
    fn a_clock_that_goes_back_never_allows_more_than_the_maximum_per_window(
        rule in rules(),
        runs in proptest::collection::vec((times(0..2500), 0_i64..20_000), 1..5),
    ) {
        let (mut hits, mut start) = (Hits::default(), 0);
        for (times, back) in runs {
            let mut allowed = Vec::new();
            for now in times.iter().map(|time| start + time) {
                if rule.decide(&mut hits, at(now)) == Decision::Allowed {
                    allowed.push(now);
                    prop_assert!(recent(&allowed, rule, now) <= max(rule));
                    prop_assert!(hits.clone().into_iter().len() <= max(rule));
                }
                let sorted: Vec<_> = hits.clone().into_iter().collect();
                prop_assert!(sorted.is_sorted());
            }
            start += times.last().unwrap() - back;
        }
    }
}
