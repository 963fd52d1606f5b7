//! DynamoDB's responses to every operation.
//!
//! The first line of the input is the operation: a frame, or one of the words in [`run`]. Each further line is the response
//! to one call: to the table Limits if it begins with `~`, else to any other table. After that, `!` marks an error response.
//! Calls to Limits beyond the given lines succeed; calls to other tables fail.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, HttpClient, Region, RuntimeComponents, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use parlor_chat::bots::allow::Decision;
use parlor_chat::bots::answer::Reply;
use parlor_chat::bots::ask::{Functions, Question};
use parlor_chat::bots::courier::Scheme;
use parlor_chat::bots::{Bot, Bots};
use parlor_chat::delivery::{PostCounts, Poster};
use parlor_chat::error::Result;
use parlor_chat::limiter::{Limiter, Rates};
use parlor_chat::people::identity::IdentityKind;
use parlor_chat::rooms::lobby::Site;
use parlor_chat::signed::Service;
use parlor_chat::store::{Connections, Limits, Log, Members, People, Rate, Rooms};
use parlor_chat::{Caller, Chat};
use parlor_protocol::client::{Frame, parse, parse_body};
use parlor_protocol::http::{HandleClaim, NewHook};
use parlor_protocol::person::Person;
use parlor_protocol::server::ServerFrame;
use parlor_protocol::text::Handle;
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::time::Instant;

const NOW: u64 = 1_763_726_400_000;
const RATE: Rate = Rate { per_minute: 60, burst: 2 };
const RATES: Rates = Rates {
    frames: RATE,
    room_frames: RATE,
    refusals: RATE,
    connects: RATE,
    connections: RATE,
    guests: RATE,
    rooms: RATE,
    passwords: RATE,
    room_passwords: RATE,
    lookups: RATE,
};
/// How long a sweep works. The fixture's clock stands still while nothing waits.
const WHILE: Duration = Duration::from_secs(1);
const ROOM: &str = "k3v9m2x7q4t8w1zc";

pub fn read(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.lines().map(str::to_owned);
    let Some(operation) = lines.next() else { return };
    FIXTURE.with(|fixture| {
        let (limits, responses) = lines.partition::<VecDeque<_>, _>(|line| line.starts_with('~'));
        *fixture.aws.0.lock().unwrap() = State { limits, responses, posts: Vec::new() };
        let _ = fixture.runtime.block_on(run(&fixture.chat, &operation));
        for post in &fixture.aws.0.lock().unwrap().posts {
            serde_json::from_slice::<ServerFrame>(post).unwrap();
        }
    });
}

async fn run(chat: &Chat, operation: &str) -> Result<()> {
    let site = Site { url: "https://chat.example.org".into(), commons: None };
    let owner = Person { user_id: "ada".into(), name: "Ada".into() };
    let (word, rest) = operation.split_once(' ').unwrap_or((operation, ""));
    match word {
        "lobby" => chat.list_rooms(&site, Some(rest).filter(|cursor| !cursor.is_empty()), None, NOW).await.map(drop),
        "describe" => chat.describe_room(&site, ROOM, None, None, NOW).await.map(drop),
        "create" => match parse_body(rest) {
            Ok(body) => chat.create_room(&site, body, Some("ada".into()), NOW).await.map(drop),
            Err(_) => Ok(()),
        },
        "refuse" => {
            chat.count_refusal("ada-1", NOW).await;
            Ok(())
        }
        "clear" => chat.clear_room(&owner, ROOM, None, Instant::now(), NOW).await.map(drop),
        "moderate" => match parse_body(rest) {
            Ok(request) => chat.moderate(&owner, ROOM, &request, NOW).await,
            Err(_) => Ok(()),
        },
        "moderation" => {
            let cursor = Some(rest).filter(|cursor| !cursor.is_empty());
            chat.moderation(&owner, ROOM, cursor, NOW).await.map(drop)
        }
        "report" => match parse_body(rest) {
            Ok(body) => {
                chat.report(&Person { user_id: "eve".into(), name: "Eve".into() }, ROOM, &body, None, NOW).await
            }
            Err(_) => Ok(()),
        },
        "reports" => chat.reports(&owner, ROOM, rest.parse().ok(), NOW).await.map(drop),
        "make-hook" => match parse_body::<NewHook>(rest) {
            Ok(new) => chat.create_hook(&owner, ROOM, new, Scheme::Https, NOW).await.map(drop),
            Err(_) => Ok(()),
        },
        "letter" => match serde_json::from_str(rest) {
            Ok(news) => chat.letter(&news, NOW).await.map(drop),
            Err(_) => Ok(()),
        },
        "post-hook" => match parse_body(rest) {
            Ok(message) => chat.post_hook(&format!("{ROOM}.aaaaaaaaaaaaaaaa"), "secret", message, NOW).await.map(drop),
            Err(_) => Ok(()),
        },
        "close" => chat.close_room(&owner, ROOM, Instant::now(), NOW).await.map(drop),
        "pass" => match parse_body(rest) {
            Ok(body) => chat.create_pass("192.0.2.1", ROOM, &body, NOW).await.map(drop),
            Err(_) => Ok(()),
        },
        "me" => chat.describe_me(owner, NOW).await.map(drop),
        "claim" => match parse_body::<HandleClaim>(rest) {
            Ok(HandleClaim { handle }) => chat.claim_handle(owner, IdentityKind::SignedIn, handle, NOW).await.map(drop),
            Err(_) => Ok(()),
        },
        "release" => chat.release_handle(&owner.user_id, NOW).await,
        "find" => match Handle::try_from(rest.to_owned()) {
            Ok(handle) => chat.find_person(&handle, NOW).await.map(drop),
            Err(_) => Ok(()),
        },
        "end" => chat.sweeper().end_rooms(Instant::now() + WHILE, NOW).await.map(drop),
        "sweep" => chat.sweeper().delete_rooms(Instant::now() + WHILE, NOW).await.map(drop),
        "disconnect" => chat.disconnect("ada-1", NOW).await.map(drop),
        "update" => match parse_body(rest) {
            Ok(body) => chat.update_room(&site, &owner, ROOM, &body, NOW).await.map(drop),
            Err(_) => Ok(()),
        },
        "allow" | "remove" => {
            let decision = Decision { room_id: ROOM, name: rest, is_allowed: word == "allow" };
            chat.set_bot(&site, &owner, decision, NOW).await.map(drop)
        }
        "answer" => match serde_json::from_str::<Question>(rest) {
            Ok(question) => answer(chat, question).await,
            Err(_) => Ok(()),
        },
        _ => frame(chat, operation).await,
    }
}

async fn frame(chat: &Chat, text: &str) -> Result<()> {
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    match json["action"].as_str().unwrap_or_default() {
        "join" => serve(chat, text, Chat::join).await,
        "leave" => serve(chat, text, Chat::leave).await,
        "send" => serve(chat, text, Chat::send).await,
        "edit" => serve(chat, text, Chat::edit).await,
        "delete" => serve(chat, text, Chat::delete).await,
        "react" => serve(chat, text, Chat::react).await,
        "history" => serve(chat, text, Chat::history).await,
        "typing" => serve(chat, text, Chat::typing).await,
        "ping" => serve(chat, text, Chat::ping).await,
        "register" => serve(chat, text, Chat::register).await,
        _ => Ok(()),
    }
}

async fn serve<F: Frame>(
    chat: &Chat,
    text: &str,
    action: impl AsyncFn(&Chat, &Caller, F, u64) -> Result<PostCounts>,
) -> Result<()> {
    let caller = Caller {
        connection_id: "ada-1".into(),
        user_id: "ada".into(),
        name: "Ada".into(),
        kind: Some(IdentityKind::Guest),
        address: None,
    };
    match parse::<F>(text) {
        Ok((frame, _)) => action(chat, &caller, frame, NOW).await.map(drop),
        Err(_) => Ok(()),
    }
}

/// An HTTP client that answers like DynamoDB, with the given lines, and like `@connections`, and records what is posted.
#[derive(Clone, Debug, Default)]
struct FakeAws(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    limits: VecDeque<String>,
    responses: VecDeque<String>,
    posts: Vec<Vec<u8>>,
}

struct Fixture {
    chat: Chat,
    aws: FakeAws,
    runtime: Runtime,
}

thread_local! {
    static FIXTURE: Fixture = Fixture::new();
}

/// Builds a client without retries, which would only add delays.
async fn answer(chat: &Chat, question: Question) -> Result<()> {
    let Some(asked) = chat.asked(question, NOW).await? else { return Ok(()) };
    let reply = Reply { text: asked.message.text.clone(), ..Reply::default() };
    chat.answer(&asked, Ok(reply), NOW).await.map(drop)
}

macro_rules! client {
    ($service:ident, $aws:expr) => {
        $service::Client::from_conf(
            $service::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::from_static("us-east-1"))
                .credentials_provider(Credentials::new("key", "secret", None, None, "fixed"))
                .endpoint_url("http://localhost")
                .http_client(SharedHttpClient::new($aws.clone()))
                .retry_config(RetryConfig::disabled())
                .build(),
        )
    };
}

impl Fixture {
    fn new() -> Self {
        let aws = FakeAws::default();
        let db = client!(aws_sdk_dynamodb, aws);
        let chat = Chat {
            rooms: Rooms { db: db.clone(), table: "rooms".into() },
            connections: Connections { db: db.clone(), table: "connections".into() },
            log: Log { db: db.clone(), table: "messages".into() },
            members: Members { db: db.clone(), table: "members".into() },
            people: People { db: db.clone(), table: "people".into() },
            poster: Poster { client: client!(aws_sdk_apigatewaymanagement, aws) },
            limiter: Limiter { limits: Limits { db, table: "limits".into() }, rates: Some(RATES), counts_texts: false },
            review: None,
            bots: Bots {
                teller: "teller".into(),
                all: vec![Bot { name: "concierge".into(), title: "Concierge".into(), function: "bots".into() }],
                functions: Functions(
                    Service::new(
                        "http://localhost".into(),
                        "lambda",
                        "us-east-1".into(),
                        Credentials::new("key", "secret", None, None, "fixed"),
                    )
                    .over(SharedHttpConnector::new(aws.clone())),
                ),
            },
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        Self { chat, aws, runtime }
    }
}

impl FakeAws {
    fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let mut state = self.0.lock().unwrap();
        let (status, body) = if request.uri().ends_with("/invocations") {
            (202, String::new())
        } else if request.uri().contains("@connections") {
            if request.method() == "POST" {
                state.posts.push(request.body().bytes().unwrap().to_vec());
            }
            // Ids that begin with `gone` belong to closed connections.
            (if request.uri().contains("/gone") { 410 } else { 200 }, String::new())
        } else {
            let response = if is_limits_table(request) {
                let line = state.limits.pop_front();
                Some(line.map_or_else(|| "{}".to_owned(), |line| line.trim_start_matches('~').to_owned()))
            } else {
                state.responses.pop_front()
            };
            match response {
                None => (400, r#"{"__type":"com.amazon#ResourceNotFoundException"}"#.into()),
                Some(line) => match line.strip_prefix('!') {
                    Some(error) => (400, error.to_owned()),
                    None => (200, line),
                },
            }
        };
        HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))
    }
}

fn is_limits_table(request: &HttpRequest) -> bool {
    let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
    body["TableName"] == "limits"
}

impl HttpClient for FakeAws {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for FakeAws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(Ok(self.respond(&request)))
    }
}
