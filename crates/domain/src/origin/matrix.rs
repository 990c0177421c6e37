//! Comparison with Better Auth: every pattern with every URL.

use super::TrustedOrigins;

/// What Better Auth matches, recorded by `tests/compat/origin-matrix.mjs`.
const TABLE: &str = include_str!("matrix.txt");
const DEVIATIONS: &str = include_str!("../../../../docs/deviations.md");

/// Returns the beginning of the row of `docs/deviations.md` that explains why only Better Auth matches.
fn reason(pattern: &str, url: &str) -> Option<&'static str> {
    let is_wild = pattern.contains(['*', '?']);
    let scheme = url.split(':').next().unwrap();
    if is_wild && !pattern.contains("://") && !matches!(scheme, "http" | "https") {
        return Some("a pattern of only a host");
    }
    if matches!(scheme, "javascript" | "data") {
        return Some("`javascript://host` and `data://host`");
    }
    if is_wild {
        let is_elsewhere = url.contains('@')
            || url.starts_with("myapp:/")
            || url == "https://app.example.com.evil.test"
            || url == "https://app.example.com:8443";
        return is_elsewhere.then_some("a wildcard in a trusted origin");
    }
    let rest = url.strip_prefix(pattern)?;
    let is_segment = rest.starts_with(['/', '?', '#']);
    (!is_segment).then_some("a custom scheme")
}

#[test]
fn patterns_match_what_better_auth_matches_except_for_documented_differences() {
    let mut blocks = TABLE.split("\n\n").skip(1);
    let urls: Vec<&str> = blocks.next().unwrap().lines().skip(1).collect();
    let (mut pairs, mut missing, mut additional) = (0, Vec::new(), Vec::new());
    for block in blocks {
        let mut lines = block.lines();
        let pattern = lines.next().unwrap().strip_prefix("PATTERN ").unwrap();
        let theirs: Vec<&str> = lines.collect();
        let ours = TrustedOrigins::new(vec![pattern.to_owned()]);
        for url in &urls {
            pairs += 1;
            match (ours.trusts_origin(url), theirs.contains(url)) {
                (true, false) => additional.push((pattern, *url)),
                (false, true) => missing.push((pattern, *url)),
                _ => {}
            }
        }
    }
    assert!(pairs > 4_000, "{pairs} pairs");
    for (pattern, url) in &missing {
        let row = reason(pattern, url).map(|reason| format!("\n| {reason}"));
        assert!(
            row.is_some_and(|row| DEVIATIONS.contains(&row)),
            "{url} by {pattern}"
        );
    }
    assert_eq!(missing.len(), 128);
    // The scheme of a URL is compared in any case.
    for (pattern, url) in &additional {
        assert_eq!(*url, "MYAPP://callback", "{pattern}");
    }
    assert_eq!(additional.len(), 9);
}
