//! Test environment: real tables in an in-process DynamoDB on SQLite, and a fake `@connections` endpoint, which records posts
//! and can fail on demand.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod faults;
pub mod gateway;
pub mod issuer;
pub mod meter;
pub mod rows;
pub mod secrets;
pub mod signature;
mod tables;

use std::sync::LazyLock;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use parlor_chat::aws::Aws;
use parlor_chat::bots::ask::Functions;
use parlor_chat::bots::{Bot, Bots};
use parlor_chat::delivery::{PostCounts, Poster};
use parlor_chat::limiter::{Limiter, Rates};
use parlor_chat::log::history::PageLimits;
use parlor_chat::people::identity::IdentityKind;
use parlor_chat::rooms::lobby::Site;
use parlor_chat::signed::Service;
use parlor_chat::store::{Connections, Limits, Log, Members, People, Rate, Rooms};
use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::Millis;
use parlor_protocol::client::{self, Frame};
use parlor_protocol::http::RoomInfo;
use parlor_protocol::person::Person;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use self::faults::Faults;
use self::gateway::Gateway;
use self::meter::Meter;

/// A Friday noon.
pub const NOON: Millis = 1_763_726_400_000;
pub const SECOND: Millis = 1_000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;

pub struct TestEnv {
    pub chat: Chat,
    pub gateway: Gateway,
    /// The same, with `faults` injected.
    pub faulty: Chat,
    pub faults: Faults,
    /// The same, measured by `meter`.
    pub metered: Chat,
    pub meter: Meter,
    http: SharedHttpClient,
    endpoint: String,
    callback_url: String,
}

/// The page that rooms' links point to.
pub fn site() -> Site {
    Site { url: "https://chat.example/".into(), commons: None }
}

/// Limits that no log in these tests reaches.
pub const ALL: PageLimits = PageLimits { numbers: 1_000, bytes: usize::MAX, min_events: 0 };

/// Returns an environment with empty tables.
pub async fn test_env() -> TestEnv {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
    let http = aws_smithy_http_client::Builder::new().build_http();
    let db = Aws::over(http.clone(), Some(endpoint.clone())).dynamodb();
    tables::create(&db).await;

    let gateway = Gateway::default();
    let callback_url = gateway.serve().await;

    let through = |http, connector| chat(&Aws::over(http, Some(endpoint.clone())), connector, callback_url.clone());
    let (faults, meter) = (Faults::over(http.clone()), Meter::over(http.clone()));
    let faulty = through(SharedHttpClient::new(faults.clone()), faults.connector(connector()));
    let metered = through(SharedHttpClient::new(meter.clone()), meter.connector(connector()));
    TestEnv {
        chat: through(http.clone(), connector()),
        gateway,
        faulty,
        faults,
        metered,
        meter,
        http,
        endpoint,
        callback_url,
    }
}

/// Rates that only a test of the limits reaches.
pub fn rates() -> Rates {
    let rate = |per_minute, burst| Rate { per_minute, burst };
    Rates {
        frames: rate(600, 100),
        room_frames: rate(300, 50),
        refusals: rate(600, 100),
        connects: rate(30, 60),
        connections: rate(300, 600),
        guests: rate(60, 300),
        rooms: rate(10, 100),
        passwords: rate(5, 5),
        room_passwords: rate(120, 120),
        lookups: rate(30, 60),
    }
}

/// Timeouts long enough for a slow machine.
static LONG_TIMEOUT: LazyLock<TimeoutConfig> =
    LazyLock::new(|| TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(60)).build());

/// Returns a connector over plain http.
pub fn connector() -> SharedHttpConnector {
    SharedHttpConnector::new(aws_smithy_http_client::Connector::builder().build_http())
}

/// Returns the bots of a stage that has one. Lambda is at the address to which frames are posted.
pub fn bots(connector: SharedHttpConnector, lambda: &str) -> Bots {
    let credentials = Credentials::new("key", "secret", None, None, "fixed");
    Bots {
        all: vec![Bot { name: "concierge".into(), title: "Concierge".into(), function: "bots".into() }],
        functions: Functions(Service::new(lambda.into(), "lambda", "us-east-1".into(), credentials).over(connector)),
        teller: "teller".into(),
    }
}

fn chat(aws: &Aws, connector: SharedHttpConnector, callback_url: String) -> Chat {
    let db = aws.dynamodb().config().to_builder().timeout_config(LONG_TIMEOUT.clone());
    let db = aws_sdk_dynamodb::Client::from_conf(db.build());
    Chat {
        rooms: Rooms { db: db.clone(), table: "rooms".into() },
        connections: Connections { db: db.clone(), table: "connections".into() },
        log: Log { db: db.clone(), table: "messages".into() },
        members: Members { db: db.clone(), table: "members".into() },
        people: People { db: db.clone(), table: "people".into() },
        bots: bots(connector, &callback_url),
        review: None,
        poster: Poster { client: aws.connections(callback_url) },
        limiter: Limiter { limits: Limits { db, table: "limits".into() }, rates: Some(rates()), counts_texts: false },
    }
}

impl TestEnv {
    /// Returns another function's access to the same tables, with faults of its own.
    pub fn another_faulty(&self) -> (Chat, Faults) {
        let faults = Faults::over(self.http.clone());
        let aws = Aws::over(SharedHttpClient::new(faults.clone()), Some(self.endpoint.clone()));
        (chat(&aws, faults.connector(connector()), self.callback_url.clone()), faults)
    }

    /// Lets posts take as long as the machine needs, for tests that check each of many.
    pub fn extend_post_timeout(&mut self) {
        for poster in [&mut self.chat.poster, &mut self.faulty.poster, &mut self.metered.poster] {
            let config = poster.client.config().to_builder().timeout_config(LONG_TIMEOUT.clone());
            poster.client = aws_sdk_apigatewaymanagement::Client::from_conf(config.build());
        }
    }

    /// Creates a room of this person's at noon, named Tea unless `body` says otherwise.
    pub async fn create(&self, owner_id: &str, body: Value) -> RoomInfo {
        let mut room = json!({ "name": "Tea" });
        room.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let room = client::parse_body(&room.to_string()).unwrap();
        self.chat.create_room(&site(), room, Some(owner_id.into()), NOON).await.unwrap()
    }

    /// Opens a connection. The person is the part of its id before `-`: `ada` for `ada-1`.
    pub async fn connect(&self, connection_id: &str, now: Millis) -> Caller {
        let user_id = connection_id.split('-').next().unwrap().to_owned();
        let caller = caller(connection_id, user_id.clone(), user_id);
        self.chat.connect(&caller, now).await.unwrap();
        caller
    }

    /// Opens a connection that joins a room.
    pub async fn joined(&self, connection_id: &str, room_id: &str, now: Millis) -> Caller {
        let caller = self.connect(connection_id, now).await;
        self.join(&caller, room_id, now).await.unwrap();
        caller
    }

    pub async fn join(&self, caller: &Caller, room_id: &str, now: Millis) -> Result<PostCounts, ChatError> {
        let join = frame(&format!(r#"{{"action":"join","room":"{room_id}"}}"#));
        self.chat.join(caller, join, now).await
    }

    pub async fn send(&self, caller: &Caller, room_id: &str, id: &str, now: Millis) -> Result<PostCounts, ChatError> {
        let send = frame(&format!(r#"{{"action":"send","room":"{room_id}","id":"{id}","text":"said {id}"}}"#));
        self.chat.send(caller, send, now).await
    }
}

/// Returns a guest without a token.
pub fn caller(connection_id: impl Into<String>, user_id: impl Into<String>, name: impl Into<String>) -> Caller {
    Caller {
        connection_id: connection_id.into(),
        user_id: user_id.into(),
        name: name.into(),
        kind: Some(IdentityKind::Guest),
        address: None,
    }
}

/// Returns a person whose name is their id.
pub fn person(user_id: &str) -> Person {
    Person { user_id: user_id.to_owned(), name: user_id.to_owned() }
}

/// Parses a frame as a route does.
pub fn frame<F: Frame>(json: &str) -> F {
    client::parse(json).unwrap().0
}
