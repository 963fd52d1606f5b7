//! Writes one JSON log line per invocation. It never contains texts, names or tokens.
//!
//! If the stage is monitored, the line also says which of its fields are metrics, in CloudWatch's embedded metric format:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>.
//! A field that is 0 is none: CloudWatch bills a metric for the hours in which it gets values.

use std::collections::BTreeMap;
use std::time::Instant;

use parlor_chat::ChatError;
use parlor_chat::delivery::PostCounts;
use parlor_chat::now;
use parlor_chat::review::Review;
use parlor_chat::rooms::sweep::Swept;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::app::App;

/// `cdk/monitoring/metrics.ts` has the same name.
const NAMESPACE: &str = "Parlor";

/// The metrics with their units. `cdk/monitoring/metrics.ts` has the same; a test compares them.
const METRICS: [(&str, &str); 10] = [
    ("ok", "Count"),
    ("refused", "Count"),
    ("unavailable", "Count"),
    ("delivered", "Count"),
    ("gone", "Count"),
    ("skipped", "Count"),
    ("untold", "Count"),
    ("unreviewed", "Count"),
    ("tokens", "Count"),
    ("sweepBacklog", "Seconds"),
];

/// The metric that has a value for each route, too.
const BY_ROUTE: &str = "unavailable";

/// An invocation in progress.
pub struct Invocation<'a> {
    app: &'a App,
    started: Instant,
}

#[derive(Serialize)]
struct Line<'a, Counts> {
    route: &'a str,
    /// `ok`, or the error code of the answer.
    outcome: Value,
    ms: u64,
    #[serde(flatten)]
    counts: Counts,
    /// Reviews that failed or took too long.
    #[serde(skip_serializing_if = "is_zero")]
    unreviewed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(flatten)]
    metrics: Option<Metrics<'a>>,
}

#[derive(Serialize)]
struct Posts {
    #[serde(skip_serializing_if = "is_zero")]
    delivered: usize,
    #[serde(skip_serializing_if = "is_zero")]
    gone: usize,
    #[serde(skip_serializing_if = "is_zero")]
    skipped: usize,
    #[serde(skip_serializing_if = "is_zero")]
    unasked: usize,
    #[serde(skip_serializing_if = "is_zero")]
    tokens: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sweep {
    ended: usize,
    deleted: usize,
    failed: usize,
    /// In seconds.
    sweep_backlog: Millis,
}

#[derive(Serialize)]
struct Metrics<'a> {
    /// `ok`, `refused` or `unavailable`: 1.
    #[serde(flatten)]
    counted: BTreeMap<&'static str, u8>,
    stage: &'a str,
    #[serde(rename = "_aws")]
    directives: Value,
}

impl<'a> Invocation<'a> {
    pub fn start(app: &'a App) -> Self {
        Self { app, started: Instant::now() }
    }

    pub fn ended(&self, outcome: Result<PostCounts, &ChatError>) {
        println!("{}", self.line(outcome));
    }

    /// An attempt to tell a webhook failed, and not for a reason of ours.
    pub fn untold(&self, reason: String) {
        println!("{}", self.write("untold".into(), (), (0, Some(reason)), self.metrics(Some("untold"), Vec::new())));
    }

    fn line(&self, outcome: Result<PostCounts, &ChatError>) -> String {
        let unreviewed = self.app.chat.review.as_ref().map_or(0, Review::take_failures);
        match outcome {
            Ok(PostCounts { delivered, gone, skipped, unasked, tokens }) => {
                let counts = [
                    ("delivered", delivered),
                    ("gone", gone),
                    ("skipped", skipped),
                    ("tokens", tokens),
                    ("unreviewed", unreviewed),
                ];
                let counted = counts.into_iter().filter(|(_, count)| *count > 0).map(|(name, _)| name).collect();
                self.write(
                    "ok".into(),
                    Posts { delivered, gone, skipped, unasked, tokens },
                    (unreviewed, None),
                    self.metrics(Some("ok"), counted),
                )
            }
            Err(error) => {
                let code = error.code();
                let reason = matches!(error, ChatError::Service { .. }).then(|| error.to_string());
                let counted = if code == ErrorCode::Unavailable { "unavailable" } else { "refused" };
                let outcome = serde_json::to_value(code).unwrap_or_default();
                let fields = if unreviewed > 0 { vec!["unreviewed"] } else { Vec::new() };
                self.write(outcome, (), (unreviewed, reason), self.metrics(Some(counted), fields))
            }
        }
    }

    /// A sweep is not counted as `ok`: the metric would be billed while nobody talks.
    fn sweep_line(&self, outcome: Result<&Swept, &ChatError>) -> String {
        let Swept { ended, deleted, failed, backlog } = match outcome {
            Ok(swept) => *swept,
            Err(error) => return self.line(Err(error)),
        };
        let sweep = Sweep { ended, deleted, failed, sweep_backlog: backlog / 1000 };
        let fields = if sweep.sweep_backlog > 0 { vec!["sweepBacklog"] } else { Vec::new() };
        self.write("ok".into(), sweep, (0, None), self.metrics(None, fields))
    }

    fn write(
        &self,
        outcome: Value,
        counts: impl Serialize,
        (unreviewed, reason): (usize, Option<String>),
        metrics: Option<Metrics>,
    ) -> String {
        let ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let line = Line { route: &self.app.route, outcome, ms, counts, unreviewed, reason, metrics };
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// `counted` is a metric without a field of its own, `fields` are those that have one.
    fn metrics(&self, counted: Option<&'static str>, fields: Vec<&'static str>) -> Option<Metrics<'a>> {
        let names: Vec<_> = counted.into_iter().chain(fields).collect();
        if !self.app.is_monitored || names.is_empty() {
            return None;
        }
        let of_stage = METRICS.iter().filter(|(name, _)| names.contains(name)).copied().collect();
        let mut directives = vec![directive(&["stage"], of_stage)];
        if names.contains(&BY_ROUTE) {
            directives.push(directive(&["stage", "route"], vec![(BY_ROUTE, "Count")]));
        }
        Some(Metrics {
            counted: counted.into_iter().map(|name| (name, 1)).collect(),
            stage: &self.app.stage,
            directives: json!({ "Timestamp": now(), "CloudWatchMetrics": directives }),
        })
    }
}

pub fn swept(app: &App, started: Instant, outcome: Result<&Swept, &ChatError>) {
    println!("{}", Invocation { app, started }.sweep_line(outcome));
}

fn directive(dimensions: &[&str], metrics: Vec<(&str, &str)>) -> Value {
    let metrics: Vec<_> = metrics.into_iter().map(|(name, unit)| json!({ "Name": name, "Unit": unit })).collect();
    json!({ "Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": metrics })
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]
mod tests {
    use parlor_protocol::error::ErrorCode;

    use super::*;
    use crate::app::tests::deployed;

    /// Returns a line's metrics as CloudWatch reads them: `<name> = <value> <unit>` of each list of dimensions.
    fn read(line: &str) -> Vec<String> {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut read = Vec::new();
        for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
            assert_eq!(directive["Namespace"], "Parlor");
            for metric in directive["Metrics"].as_array().unwrap() {
                let dimensions: Vec<_> = directive["Dimensions"][0].as_array().unwrap().iter().map(&text).collect();
                let of: Vec<_> = dimensions.iter().map(|name| text(&line[name])).collect();
                let (name, unit) = (text(&metric["Name"]), text(&metric["Unit"]));
                read.push(format!("{}: {name} = {} {unit}", of.join(" "), line[&name].as_u64().unwrap()));
            }
        }
        read
    }

    fn service() -> ChatError {
        ChatError::Service { doing: "read a room", reason: "timeout".into() }
    }

    #[test]
    fn an_invocation_is_one_ok_with_the_posts_that_there_were() {
        let app = deployed("plain", "send");
        let line = Invocation::start(&app).line(Ok(PostCounts { delivered: 3, skipped: 2, ..PostCounts::default() }));
        assert_eq!(read(&line), ["prod: ok = 1 Count", "prod: delivered = 3 Count", "prod: skipped = 2 Count"]);
    }

    #[test]
    fn an_answer_of_a_model_has_its_tokens() {
        let app = deployed("full", "answer-librarian");
        let line = Invocation::start(&app).line(Ok(PostCounts { tokens: 120, ..PostCounts::default() }));
        assert_eq!(read(&line), ["prod: ok = 1 Count", "prod: tokens = 120 Count"]);
    }

    #[test]
    fn a_refusal_is_counted_without_its_route_and_a_failure_with_it() {
        let app = deployed("plain", "send");
        let refused = ChatError::refused(ErrorCode::NotJoined, "join first");
        assert_eq!(read(&Invocation::start(&app).line(Err(&refused))), ["prod: refused = 1 Count"]);
        let busy = ChatError::refused(ErrorCode::Unavailable, "the room is too busy");
        for unavailable in [service(), busy] {
            let line = Invocation::start(&app).line(Err(&unavailable));
            assert_eq!(read(&line), ["prod: unavailable = 1 Count", "prod send: unavailable = 1 Count"]);
        }
    }

    #[test]
    fn a_sweep_with_nothing_to_do_has_no_metric_and_one_that_is_late_has_its_backlog() {
        let app = deployed("plain", "sweep");
        let idle = Invocation::start(&app).sweep_line(Ok(&Swept::default()));
        assert!(!idle.contains("_aws") && idle.contains(r#""sweepBacklog":0"#), "{idle}");
        let late = Swept { backlog: 301_999, failed: 4, ..Swept::default() };
        assert_eq!(read(&Invocation::start(&app).sweep_line(Ok(&late))), ["prod: sweepBacklog = 301 Seconds"]);
        let failed = Invocation::start(&app).sweep_line(Err(&service()));
        assert_eq!(read(&failed), ["prod: unavailable = 1 Count", "prod sweep: unavailable = 1 Count"]);
    }

    #[test]
    fn a_stage_without_monitoring_writes_the_same_lines_without_metrics() {
        let app = App::new(|name| (name == "ROUTE").then(|| "send".to_owned()));
        let line = Invocation { app: &app, started: Instant::now() }
            .line(Ok(PostCounts { delivered: 3, ..PostCounts::default() }));
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["ms"].as_u64().map(|_| line.as_object().unwrap().len()), Some(4), "{line}");
        assert_eq!([&line["route"], &line["outcome"], &line["delivered"]], [&json!("send"), &json!("ok"), &json!(3)]);
    }
}
