//! How long sessions and tokens live.

/// A session ends after this many minutes when its realm says nothing usable.
const SESSION_MINUTES: i64 = 1440;
/// A token this close to its end is worth a new one, in seconds.
const NEAR: i64 = 300;

/// When a session that starts now ends, in milliseconds; on a whole second, since tokens know no smaller.
pub(crate) fn session_ends(now_ms: i64, session_minutes: i64) -> i64 {
    let minutes = if session_minutes > 0 {
        session_minutes
    } else {
        SESSION_MINUTES
    };
    let seconds = now_ms.div_euclid(1000).saturating_add(minutes.saturating_mul(60));
    seconds.saturating_mul(1000)
}

/// When a token that is built now ends, in Unix seconds. Never after its session, never after `jwt_minutes` (where set), and
/// never later than the token before it (`current`) unless that one is about to end: rebuilding a token extends nothing.
pub(crate) fn token_ends(session_expires_ms: i64, jwt_minutes: i64, now_ms: i64, current: Option<i64>) -> i64 {
    let now = now_ms.div_euclid(1000);
    let session = session_expires_ms.div_euclid(1000);
    let latest = if jwt_minutes > 0 {
        session.min(now.saturating_add(jwt_minutes.saturating_mul(60)))
    } else {
        session
    };
    // A short-lived token is renewed in its last quarter, so that each copy is good for a while.
    let near = NEAR.min(latest.saturating_sub(now) / 4);
    match current {
        Some(current) if current.saturating_sub(now) > near => current.min(latest),
        _ => latest,
    }
}

/// Until when a session's token is handed back as it is, in milliseconds; 0 when there is none. `token_ends` is in Unix seconds.
pub(crate) fn token_stays_until(session_expires_ms: i64, token_ends: Option<i64>) -> i64 {
    match token_ends {
        None => 0,
        // Nothing follows a token that ends with its session.
        Some(ends) if ends >= session_expires_ms.div_euclid(1000) => session_expires_ms,
        Some(ends) => ends.saturating_sub(NEAR).saturating_mul(1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_999;
    const SECOND: i64 = 1_700_000_000;
    const HOUR: i64 = 3600;

    #[test]
    fn a_session_ends_on_a_whole_second() {
        assert_eq!(session_ends(NOW, 60), (SECOND + HOUR) * 1000);
        assert_eq!(session_ends(NOW, 0), (SECOND + 24 * HOUR) * 1000);
        assert_eq!(session_ends(NOW, -5), (SECOND + 24 * HOUR) * 1000);
        assert!(session_ends(NOW, i64::MAX) > NOW);
    }

    #[test]
    fn a_token_ends_with_its_session_unless_the_realm_wants_it_shorter() {
        let session = (SECOND + 24 * HOUR) * 1000;
        assert_eq!(token_ends(session, 0, NOW, None), SECOND + 24 * HOUR);
        assert_eq!(token_ends(session, 30, NOW, None), SECOND + 1800);
        assert_eq!(token_ends(session, 100_000, NOW, None), SECOND + 24 * HOUR);
    }

    #[test]
    fn rebuilding_a_token_extends_nothing() {
        let session = (SECOND + 24 * HOUR) * 1000;
        let first = SECOND + 1800;
        assert_eq!(token_ends(session, 30, NOW + 600_000, Some(first)), first);
        assert_eq!(
            token_ends(session, 0, NOW, Some(first)),
            first,
            "the realm's new setting waits for the next token"
        );
        assert_eq!(
            token_ends(session, 10, NOW, Some(first)),
            SECOND + 600,
            "a shorter setting holds at once"
        );
    }

    #[test]
    fn a_token_stays_until_it_may_be_renewed() {
        let session = (SECOND + 24 * HOUR) * 1000;
        assert_eq!(token_stays_until(session, None), 0);
        assert_eq!(token_stays_until(session, Some(SECOND + 24 * HOUR)), session);
        for minutes in [1, 10, 30, 600] {
            let ends = token_ends(session, minutes, NOW, None);
            let until = token_stays_until(session, Some(ends));
            // In every moment before, the rule keeps the token.
            for now in [NOW, until - 1] {
                let kept = now < NOW || until <= NOW || token_ends(session, minutes, now, Some(ends)) == ends;
                assert!(kept, "{minutes} minutes: renewed at {now}, said to stay until {until}");
            }
        }
    }

    #[test]
    fn a_token_near_its_end_is_renewed_within_its_session() {
        let session = (SECOND + HOUR) * 1000;
        let first = SECOND + 1800;
        let later = |seconds: i64| token_ends(session, 30, NOW + seconds * 1000, Some(first));
        assert_eq!(later(1499), first);
        assert_eq!(later(1500), SECOND + 1500 + 1800);
        assert_eq!(later(2000), SECOND + HOUR);
        assert_eq!(later(HOUR + 5), SECOND + HOUR);
    }
}
