//! A cache for keys that are read from elsewhere.

use parlor_protocol::Millis;
use std::sync::Arc;
use tokio::sync::Mutex;

use crate::error::{ChatError, Result};

/// The least time between two reads, so that tokens with made-up key ids do not cause more.
const PAUSE: Millis = 60 * 1000;

/// A value that is read when it is first needed, when it is too old, and when something is missing in it.
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
    /// `age` is how long a value counts as fresh. An older one is read again, and used on if that fails.
    pub fn new(age: Millis) -> Self {
        Self { state: Mutex::new(State { value: None, read_at: 0, tried_at: 0, failed: false }), age }
    }

    /// Returns the value. If it does not satisfy `suffices`, reads it again first, at most once a minute.
    ///
    /// # Errors
    /// `unavailable` if there is no value, or none that suffices, because reading it failed.
    pub async fn get(
        &self,
        now: Millis,
        suffices: impl Fn(&T) -> bool,
        read: impl AsyncFnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        let mut state = self.state.lock().await;
        let cached = state.value.clone().filter(|value| suffices(value));
        let is_fresh = now.saturating_sub(state.read_at) < self.age;
        let may_try = state.value.is_none() || now.saturating_sub(state.tried_at) >= PAUSE;
        if may_try && !(cached.is_some() && is_fresh) {
            state.tried_at = now;
            let result = read().await;
            state.failed = result.is_err();
            return match (result, cached) {
                (Ok(value), _) => {
                    state.read_at = now;
                    Ok(state.value.insert(Arc::new(value)).clone())
                }
                (Err(_), Some(cached)) => Ok(cached),
                (Err(error), None) => Err(error),
            };
        }
        match cached.or_else(|| state.value.clone().filter(|_| !state.failed)) {
            Some(value) => Ok(value),
            None => Err(ChatError::Service { doing: "read keys", reason: "failed less than a minute ago".into() }),
        }
    }
}
