//! Writes one JSON log line per invocation. It never contains texts, names or tokens.

use std::time::Instant;

use parlor_chat::ChatError;
use parlor_chat::delivery::PostCounts;
use parlor_chat::now;
use parlor_chat::rooms::sweep::Swept;
use serde::Serialize;

/// An invocation in progress.
pub struct Invocation<'a> {
    route: &'a str,
    started: Instant,
}

#[derive(Serialize)]
struct Line<'a> {
    route: &'a str,
    /// `ok`, or the error code of the answer.
    outcome: serde_json::Value,
    ms: u64,
    #[serde(skip_serializing_if = "is_zero")]
    delivered: usize,
    #[serde(skip_serializing_if = "is_zero")]
    gone: usize,
    #[serde(skip_serializing_if = "is_zero")]
    skipped: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl<'a> Invocation<'a> {
    pub fn start(route: &'a str) -> Self {
        Self { route, started: Instant::now() }
    }

    pub fn ended(&self, outcome: Result<PostCounts, &ChatError>) {
        match outcome {
            Ok(counts) => self.write("ok".into(), counts, None),
            Err(error) => {
                let code = serde_json::to_value(error.code()).unwrap_or_default();
                let reason = matches!(error, ChatError::Service { .. }).then(|| error.to_string());
                self.write(code, PostCounts::default(), reason);
            }
        }
    }

    fn ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn write(&self, outcome: serde_json::Value, counts: PostCounts, reason: Option<String>) {
        let PostCounts { delivered, gone, skipped } = counts;
        let line = Line { route: self.route, outcome, ms: self.ms(), delivered, gone, skipped, reason };
        println!("{}", serde_json::to_string(&line).unwrap_or_default());
    }
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The log line of a sweep. The age of the backlog is also a metric, in CloudWatch's embedded metric format.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SweepLine<'a> {
    route: &'a str,
    outcome: &'a str,
    ms: u64,
    ended: usize,
    deleted: usize,
    failed: usize,
    /// In seconds.
    sweep_backlog: u64,
    stage: &'a str,
    #[serde(rename = "_aws")]
    metrics: serde_json::Value,
}

pub fn swept(stage: &str, started: Instant, outcome: Result<&Swept, &ChatError>) {
    let invocation = Invocation { route: "sweep", started };
    let Swept { ended, deleted, failed, backlog } = match outcome {
        Ok(swept) => *swept,
        Err(error) => return invocation.ended(Err(error)),
    };
    let metrics = serde_json::json!({
        "Timestamp": now(),
        "CloudWatchMetrics": [{
            "Namespace": "Parlor",
            "Dimensions": [["stage"]],
            "Metrics": [{ "Name": "sweepBacklog", "Unit": "Seconds" }],
        }],
    });
    let (route, ms, sweep_backlog) = (invocation.route, invocation.ms(), backlog / 1000);
    let line = SweepLine { route, outcome: "ok", ms, ended, deleted, failed, sweep_backlog, stage, metrics };
    println!("{}", serde_json::to_string(&line).unwrap_or_default());
}
