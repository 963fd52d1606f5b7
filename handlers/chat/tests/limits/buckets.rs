//! The arithmetic of a bucket, for any timing and concurrency.

use futures_util::future::join_all;
use parlor_chat::Chat;
use parlor_chat::store::Rate;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{HOUR, NOON, SECOND, TestEnv, test_env};
use crate::{SLOW, wait};

#[tokio::test]
async fn a_burst_passes_and_the_rest_gets_the_exact_wait() {
    let TestEnv { chat: Chat { limiter, .. }, .. } = test_env().await;
    let take = async |now| wait(&limiter.limits.take("b", 1, SLOW, now).await);
    for _ in 0..3 {
        assert_eq!(take(NOON).await, None);
    }
    assert_eq!(take(NOON).await, Some(SECOND));
    assert_eq!(take(NOON + 400).await, Some(600));
    assert_eq!(take(NOON + 999).await, Some(1));
    assert_eq!(take(NOON + 1000).await, None);
    assert_eq!(take(NOON + 1000).await, Some(SECOND));
    assert_eq!(wait(&limiter.limits.take("another", 1, SLOW, NOON + 1000).await), None);
    for _ in 0..3 {
        assert_eq!(take(NOON + HOUR).await, None);
    }
    assert_eq!(take(NOON + HOUR).await, Some(SECOND));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_interval_passes_more_than_the_burst_and_the_refill(
        takes in vec((0u64..1_500, 0u64..6), 1..40),
        per_minute in 30u64..600,
        burst in 1u64..6,
    ) {
        let rate = Rate { per_minute, burst };
        let interval = 60_000 / per_minute;
        let passed = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let TestEnv { chat: Chat { limiter, .. }, .. } = test_env().await;
            let (mut now, mut passed) = (NOON, Vec::new());
            for (pause, size) in takes {
                now += pause;
                let count = 1 + size % burst;
                match wait(&limiter.limits.take("b", count, rate, now).await) {
                    None => passed.push((now, count)),
                    Some(wait) => {
                        assert!((1..=count * interval).contains(&wait), "a wait of {wait}");
                        assert_eq!(self::wait(&limiter.limits.take("b", count, rate, now + wait - 1).await), Some(1));
                    }
                }
            }
            passed
        });
        for (first, (from, _)) in passed.iter().enumerate() {
            let mut taken = 0;
            for (to, count) in &passed[first..] {
                taken += count;
                let allowed = burst + (to - from) / interval;
                prop_assert!(taken <= allowed, "from {from} to {to}: {taken}, more than {allowed}");
            }
        }
    }
}

#[tokio::test]
async fn a_take_larger_than_the_burst_passes_a_full_bucket_and_is_charged_in_full() {
    let TestEnv { chat: Chat { limiter, .. }, .. } = test_env().await;
    let take = async |count, now| wait(&limiter.limits.take("b", count, SLOW, now).await);
    assert_eq!(take(10, NOON).await, None);
    assert_eq!(take(1, NOON).await, Some(8 * SECOND), "ten were taken, of which the bucket held three");
    assert_eq!(take(1, NOON + 8 * SECOND).await, None);
    assert_eq!(take(10, NOON + 10 * SECOND).await, Some(SECOND));
    assert_eq!(take(10, NOON + 11 * SECOND).await, None);
}

#[tokio::test]
async fn of_many_simultaneous_takes_exactly_the_burst_passes() {
    let TestEnv { chat: Chat { limiter, .. }, .. } = test_env().await;
    let rate = Rate { per_minute: 60, burst: 20 };
    let taken = join_all((0..60).map(|_| limiter.limits.take("b", 1, rate, NOON))).await;
    assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 20);
}
