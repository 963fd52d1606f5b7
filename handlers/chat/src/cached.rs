//! Keys that are read from elsewhere and kept for a function's life.

use parlor_protocol::Millis;
use std::sync::Arc;
use tokio::sync::Mutex;

use crate::error::{ChatError, Result};

/// Between two readings. Whoever makes up names of keys causes no more than this.
const PAUSE: Millis = 60 * 1000;

/// A value that is read when first needed, when it has grown old, and when something is missing in it.
pub struct Cached<T> {
    state: Mutex<State<T>>,
    age: Millis,
}

struct State<T> {
    value: Option<Arc<T>>,
    read_at: Millis,
    tried_at: Millis,
    failed: bool,
}

impl<T> Cached<T> {
    /// `age`: after how long it is old, and read again; kept all the same where that fails.
    pub fn new(age: Millis) -> Self {
        Self { state: Mutex::new(State { value: None, read_at: 0, tried_at: 0, failed: false }), age }
    }

    /// The value. Where it lacks what `suffices` looks for it is read again first, at most once a minute.
    ///
    /// # Errors
    /// `unavailable` when there is no value, or none that suffices, because reading it failed.
    pub async fn get(
        &self,
        now: Millis,
        suffices: impl Fn(&T) -> bool,
        read: impl AsyncFnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        let mut state = self.state.lock().await;
        let kept = state.value.clone().filter(|value| suffices(value));
        let is_fresh = now.saturating_sub(state.read_at) < self.age;
        let may_try = state.value.is_none() || now.saturating_sub(state.tried_at) >= PAUSE;
        if may_try && !(kept.is_some() && is_fresh) {
            state.tried_at = now;
            let result = read().await;
            state.failed = result.is_err();
            return match (result, kept) {
                (Ok(value), _) => {
                    state.read_at = now;
                    Ok(state.value.insert(Arc::new(value)).clone())
                }
                (Err(_), Some(kept)) => Ok(kept),
                (Err(error), None) => Err(error),
            };
        }
        match kept.or_else(|| state.value.clone().filter(|_| !state.failed)) {
            Some(value) => Ok(value),
            None => Err(ChatError::Service { doing: "read keys", reason: "failed less than a minute ago".into() }),
        }
    }
}
