//! Test environment: real tables in an in-process DynamoDB on SQLite, and a fake `@connections` endpoint, which records posts
//! and can fail on demand.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod faults;
pub mod issuer;
pub mod meter;
pub mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, PutRequest, ScalarAttributeType, WriteRequest,
};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use parlor_chat::aws::Aws;
use parlor_chat::delivery::{PostCounts, Poster};
use parlor_chat::limiter::{Limiter, Rates};
use parlor_chat::log::history::PageLimits;
use parlor_chat::people::identity::IdentityKind;
use parlor_chat::store::{
    Appended, Companion, Connections, Entry, Event, IdempotencyKey, Limits, Log, LogKey, LogRange, Members, MessageRow,
    Occupant, Rate, Room, RoomDraft, Rooms, Settings,
};
use parlor_chat::{Caller, Chat, ChatError, millis};
use parlor_protocol::client::{self, Frame};
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::LEASE;
use parlor_protocol::log::LogEvent;
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use self::faults::Faults;
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

/// The fake `@connections` endpoint.
#[derive(Clone, Default)]
pub struct Gateway(Arc<Mutex<GatewayState>>, Arc<Notify>);

#[derive(Default)]
struct GatewayState {
    posts: BTreeMap<String, Vec<Value>>,
    gone: BTreeSet<String>,
    throttled: BTreeSet<String>,
    silent: BTreeSet<String>,
    /// How many more posts each of these connections takes before it is gone.
    dying: BTreeMap<String, usize>,
}

impl Gateway {
    /// Removes and returns what was posted to a connection since the last call.
    pub fn take(&self, connection_id: &str) -> Vec<Value> {
        self.0.lock().unwrap().posts.remove(connection_id).unwrap_or_default()
    }

    /// Returns what [`Gateway::take`] would return, without removing it.
    pub fn posted_so_far(&self, connection_id: &str) -> Vec<Value> {
        self.0.lock().unwrap().posts.get(connection_id).cloned().unwrap_or_default()
    }

    /// Removes the posted frames, and returns their types.
    pub fn take_types(&self, connection_id: &str) -> Vec<String> {
        self.take(connection_id).iter().map(|frame| frame["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until a frame of this type is posted to a connection, without removing it.
    pub async fn posted(&self, connection_id: &str, kind: &str) {
        let is_there = || {
            let state = self.0.lock().unwrap();
            state.posts.get(connection_id).is_some_and(|posts| posts.iter().any(|frame| frame["type"] == kind))
        };
        while !is_there() {
            self.1.notified().await;
        }
    }

    /// Answers posts to the connection with 410 from now on.
    pub fn end(&self, connection_id: &str) {
        self.0.lock().unwrap().gone.insert(connection_id.to_owned());
    }

    /// Answers posts to the connection with 410 after this many more.
    pub fn end_after(&self, connection_id: &str, posts: usize) {
        self.0.lock().unwrap().dying.insert(connection_id.to_owned(), posts);
    }

    /// Answers posts to the connection with 429 from now on.
    pub fn throttle(&self, connection_id: &str) {
        self.0.lock().unwrap().throttled.insert(connection_id.to_owned());
    }

    /// Leaves posts to the connection unanswered from now on.
    pub fn silence(&self, connection_id: &str) {
        self.0.lock().unwrap().silent.insert(connection_id.to_owned());
    }

    /// Returns whether a connection was ended, by the test or by the service.
    pub fn is_ended(&self, connection_id: &str) -> bool {
        self.0.lock().unwrap().gone.contains(connection_id)
    }

    async fn disconnect(State(gateway): State<Self>, Path(connection_id): Path<String>) -> StatusCode {
        gateway.end(&connection_id);
        StatusCode::NO_CONTENT
    }

    async fn receive(
        State(Self(state, posted)): State<Self>,
        Path(connection_id): Path<String>,
        body: Bytes,
    ) -> StatusCode {
        let is_silent = {
            let mut state = state.lock().unwrap();
            if let Some(posts) = state.dying.get_mut(&connection_id) {
                match posts.checked_sub(1) {
                    Some(fewer) => *posts = fewer,
                    None => return StatusCode::GONE,
                }
            }
            if state.gone.contains(&connection_id) {
                return StatusCode::GONE;
            }
            if state.throttled.contains(&connection_id) {
                return StatusCode::TOO_MANY_REQUESTS;
            }
            let is_silent = state.silent.contains(&connection_id);
            if !is_silent {
                state.posts.entry(connection_id).or_default().push(serde_json::from_slice(&body).unwrap());
            }
            is_silent
        };
        posted.notify_one();
        if is_silent {
            std::future::pending::<()>().await;
        }
        StatusCode::OK
    }
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
    let lobby = ("lobby", "lobbyShard", "lobbyRank", ["name", "topic", "createdAt", "expiresAt"].as_slice());
    let expiring = ("expiring", "sweepQueue", "sweepAt", [].as_slice());
    create_table(&db, "rooms", ("roomId", None), &[lobby, expiring]).await;
    create_table(&db, "connections", ("channel", Some("connectionId")), &[]).await;
    create_table(&db, "messages", ("roomId", Some("sk")), &[]).await;
    create_table(&db, "members", ("scope", Some("key")), &[]).await;
    create_table(&db, "limits", ("limitId", None), &[]).await;

    let gateway = Gateway::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let callback_url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/@connections/{id}", post(Gateway::receive).delete(Gateway::disconnect))
        .with_state(gateway.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let through = |http| chat(&Aws::over(http, Some(endpoint.clone())), callback_url.clone());
    let (faults, meter) = (Faults::over(http.clone()), Meter::over(http.clone()));
    let faulty = through(SharedHttpClient::new(faults.clone()));
    let metered = through(SharedHttpClient::new(meter.clone()));
    TestEnv { chat: through(http.clone()), gateway, faulty, faults, metered, meter, http, endpoint, callback_url }
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
    }
}

/// Timeouts long enough for a slow machine.
static LONG_TIMEOUT: LazyLock<TimeoutConfig> =
    LazyLock::new(|| TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(60)).build());

fn chat(aws: &Aws, callback_url: String) -> Chat {
    let db = aws.dynamodb().config().to_builder().timeout_config(LONG_TIMEOUT.clone());
    let db = aws_sdk_dynamodb::Client::from_conf(db.build());
    Chat {
        rooms: Rooms { db: db.clone(), table: "rooms".into() },
        connections: Connections { db: db.clone(), table: "connections".into() },
        log: Log { db: db.clone(), table: "messages".into() },
        members: Members { db: db.clone(), table: "members".into() },
        poster: Poster { client: aws.connections(callback_url) },
        limiter: Limiter { limits: Limits { db, table: "limits".into() }, rates: Some(rates()) },
    }
}

impl TestEnv {
    /// Returns another function's access to the same tables, with faults of its own.
    pub fn another_faulty(&self) -> (Chat, Faults) {
        let faults = Faults::over(self.http.clone());
        let aws = Aws::over(SharedHttpClient::new(faults.clone()), Some(self.endpoint.clone()));
        (chat(&aws, self.callback_url.clone()), faults)
    }

    /// Lets posts take as long as the machine needs, for tests that check each of many.
    pub fn extend_post_timeout(&mut self) {
        for poster in [&mut self.chat.poster, &mut self.faulty.poster, &mut self.metered.poster] {
            let config = poster.client.config().to_builder().timeout_config(LONG_TIMEOUT.clone());
            poster.client = aws_sdk_apigatewaymanagement::Client::from_conf(config.build());
        }
    }

    /// Creates a room with this id, the epoch `e1` and the owner `ada`.
    pub async fn room(&self, room_id: &str, visibility: Visibility, now: Millis) -> Room {
        self.room_of("ada", room_id, visibility, now).await
    }

    pub async fn room_of(&self, owner_id: &str, room_id: &str, visibility: Visibility, now: Millis) -> Room {
        self.room_with(owner_id, room_id, visibility, Settings::default(), now).await
    }

    pub async fn room_with(
        &self,
        owner_id: &str,
        room_id: &str,
        visibility: Visibility,
        settings: Settings,
        now: Millis,
    ) -> Room {
        let room = Room::new(
            RoomDraft {
                room_id: room_id.into(),
                epoch: "e1".into(),
                name: format!("Room {room_id}"),
                topic: None,
                visibility,
                owner_id: Some(owner_id.into()),
                settings,
            },
            now,
        );
        self.chat.rooms.create(&room, None, &self.chat.limiter.limits, now).await.unwrap();
        room
    }

    /// Opens a connection. The person is the part of its id before `-`: `ada` for `ada-1`.
    pub async fn connect(&self, connection_id: &str, now: Millis) -> Caller {
        let user_id = connection_id.split('-').next().unwrap().to_owned();
        let caller = caller(connection_id, user_id.clone(), user_id);
        self.chat.connections.open(&caller, now).await.unwrap();
        caller
    }

    /// Puts this many connections into a room quickly: writes only their occupant rows.
    pub async fn fill(&self, room_id: &str, count: usize, now: Millis) {
        self.fill_with(room_id, (0..count).map(|n| format!("user{n}")), now).await;
    }

    /// Like [`Self::fill`], with these names.
    pub async fn fill_with(&self, room_id: &str, names: impl Iterator<Item = String>, now: Millis) {
        let put = |(n, name)| put_occupant(room_id, n, name, now + millis(LEASE));
        let puts: Vec<_> = names.enumerate().map(put).collect();
        for batch in puts.chunks(25) {
            let Connections { db, table } = &self.chat.connections;
            db.batch_write_item().request_items(table, batch.to_vec()).send().await.unwrap();
        }
    }

    /// Opens a connection that joins a room.
    pub async fn joined(&self, connection_id: &str, room_id: &str, now: Millis) -> Caller {
        let caller = self.connect(connection_id, now).await;
        self.join(&caller, room_id, now).await.unwrap();
        caller
    }

    /// Writes the row of an occupant, like the middle of a join.
    pub async fn enter(
        &self,
        caller: &Caller,
        name: &str,
        room_id: &str,
        now: Millis,
    ) -> Result<Option<Occupant>, ChatError> {
        let room = self.chat.rooms.open(room_id, now).await?;
        let entered = self.chat.connections.enter(caller, name, &room, &[], now).await?;
        Ok(entered.before)
    }

    /// Stores a message at a drawn number, like the last step of a send.
    pub async fn append(&self, room_id: &str, seq: Seq, by: &Caller, id: &str, now: Millis) -> Appended {
        let author = Person { user_id: by.user_id.clone(), name: by.name.clone() };
        let marker = Companion::Marker(IdempotencyKey { user_id: by.user_id.clone(), id: id.to_owned() });
        let message = MessageRow::new(id.to_owned(), author, format!("said {id}"), now);
        let entry = Entry { event: Event::Message(message), companions: vec![marker] };
        let place = LogKey { room_id, epoch: "e1", seq };
        self.chat.log.append(place, &entry, &self.chat.rooms, now).await.unwrap()
    }

    /// Returns how many rows Messages has under a key: a room's id, or `remains`.
    pub async fn rows(&self, key: &str) -> usize {
        let Log { db, table } = &self.chat.log;
        let query = db.query().table_name(table).key_condition_expression("roomId = :key");
        let query = query.expression_attribute_values(":key", AttributeValue::S(key.to_owned()));
        query.send().await.unwrap().items.unwrap_or_default().len()
    }

    /// Returns all events of a room's log in the table, even if the room is closed.
    pub async fn log_rows(&self, room_id: &str) -> Vec<LogEvent> {
        let to = Seq::MAX / 10_000;
        let rows = self.chat.log.read(LogRange { room_id, epoch: "e1", from: 0, to }).await.unwrap();
        let placed = |(seq, event): (Seq, Event)| event.into_wire(LogKey { room_id, epoch: "e1", seq });
        rows.into_iter().filter_map(placed).collect()
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

fn put_occupant(room_id: &str, n: usize, name: String, lease_until: Millis) -> WriteRequest {
    let user_id = format!("user{n}");
    let occupant = Occupant {
        connection_id: format!("{user_id}-1"),
        name,
        user_id,
        lease_until,
        unannounced: false,
        absence_seconds: None,
    };
    let put = PutRequest::builder()
        .set_item(Some(serde_dynamo::to_item(occupant).unwrap()))
        .item("channel", AttributeValue::S(format!("room#{room_id}")));
    WriteRequest::builder().put_request(put.build().unwrap()).build()
}

/// Returns a guest without a token.
pub fn caller(connection_id: impl Into<String>, user_id: impl Into<String>, name: impl Into<String>) -> Caller {
    Caller {
        connection_id: connection_id.into(),
        user_id: user_id.into(),
        name: name.into(),
        kind: Some(IdentityKind::Guest),
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

/// Creates a table with the keys and indexes of `cdk/tables.ts`. An index projects the given attributes in addition to the
/// keys.
async fn create_table(
    db: &aws_sdk_dynamodb::Client,
    name: &str,
    (partition, sort): (&str, Option<&str>),
    indexes: &[(&str, &str, &str, &[&str])],
) {
    let mut table = db
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema(partition, sort)));
    let index_keys = indexes.iter().flat_map(|(_, partition, sort, _)| [*partition, *sort]);
    for attribute in [Some(partition), sort].into_iter().flatten().chain(index_keys) {
        let kind = if attribute == "sweepAt" { ScalarAttributeType::N } else { ScalarAttributeType::S };
        let definition = AttributeDefinition::builder().attribute_name(attribute).attribute_type(kind);
        table = table.attribute_definitions(definition.build().unwrap());
    }
    for (index, partition, sort, attributes) in indexes {
        let projection = match *attributes {
            [] => Projection::builder().projection_type(ProjectionType::KeysOnly),
            attributes => Projection::builder()
                .projection_type(ProjectionType::Include)
                .set_non_key_attributes(Some(attributes.iter().copied().map(String::from).collect())),
        };
        let index = GlobalSecondaryIndex::builder()
            .index_name(*index)
            .set_key_schema(Some(key_schema(partition, Some(sort))))
            .projection(projection.build());
        table = table.global_secondary_indexes(index.build().unwrap());
    }
    table.send().await.unwrap();
}

fn key_schema(partition: &str, sort: Option<&str>) -> Vec<KeySchemaElement> {
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let mut keys = vec![key(partition, KeyType::Hash)];
    keys.extend(sort.map(|sort| key(sort, KeyType::Range)));
    keys
}
