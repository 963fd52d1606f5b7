//! The sweep, which runs every minute: ends rooms whose time has come, and deletes what they held.
//!
//! Rooms that end before the next sweep are ended on time: the sweep waits for them. So if one sweep dies, the next is
//! still there within a minute. With no room about to end, nothing waits.

use std::time::Duration;

use lambda_runtime::Error;
use parlor_chat::error::Result;
use parlor_chat::rooms::sweep::{Sweeper, Swept};
use parlor_chat::{millis, now};
use parlor_protocol::Millis;
use tokio::join;
use tokio::time::{Instant, sleep};

use crate::app::App;
use crate::{events, telemetry};

/// The time between two sweeps.
const PERIOD: Duration = Duration::from_secs(60);
/// The shortest time between two looks at the queue: the index lags behind, and a failure should not be repeated at once.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a sweep works: until the next has begun, with time to finish a page before the function's timeout.
const WORKING: Duration = Duration::from_secs(70);

pub(super) async fn run(app: App) -> std::result::Result<(), Error> {
    events::serve(&|_| Box::pin(sweep_once(&app))).await
}

async fn sweep_once(app: &App) -> Result<()> {
    let started = Instant::now();
    let (ensured, swept) = join!(ensure_commons(app), sweep(app.chat.sweeper(), started));
    let swept = ensured.and(swept);
    telemetry::swept(app, started.into_std(), swept.as_ref());
    swept.map(|_| ())
}

/// Keeps the stage's own room there, if it has one.
async fn ensure_commons(app: &App) -> Result<()> {
    match &app.site.commons {
        Some(name) => app.chat.rooms.ensure_commons(name, now()).await,
        None => Ok(()),
    }
}

async fn sweep(sweeper: Sweeper<'_>, started: Instant) -> Result<Swept> {
    let (until, next_sweep) = (started + WORKING, now() + millis(PERIOD));
    let ended = sweeper.end_rooms(until, now()).await?;
    // At once, so that deleting a long log does not delay the ends.
    let (ended_later, deleted) = join!(end_on_time(sweeper, until, next_sweep), sweeper.delete_rooms(until, now()));
    Ok(ended + ended_later? + deleted?)
}

/// Ends the rooms that end before the next sweep, each when its time has come. One that could not be ended is tried again
/// after a pause.
async fn end_on_time(sweeper: Sweeper<'_>, until: Instant, next_sweep: Millis) -> Result<Swept> {
    let mut swept = Swept::default();
    while let Some(due) = sweeper.next(next_sweep).await?
        && Instant::now() < until
    {
        sleep(Duration::from_millis(due.saturating_sub(now())).max(PAUSE)).await;
        swept = swept + sweeper.end_rooms(until, now()).await?;
    }
    Ok(swept)
}
