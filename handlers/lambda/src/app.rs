//! What a function needs, from its environment. A route is given the names of the tables that it may use and no others.

use parlor_chat::Chat;
use parlor_chat::aws::{self, Aws};
use parlor_chat::error::{ChatError, Result};
use parlor_chat::fanout::Poster;
use parlor_chat::identity::Tokens;
use parlor_chat::lobby::Site;
use parlor_chat::store::{Connections, Log, Rooms};
use tokio::sync::OnceCell;

pub struct App {
    pub chat: Chat,
    pub site: Site,
    pub route: String,
    stage: String,
    aws: Aws,
    tokens: OnceCell<Tokens>,
}

impl App {
    pub fn from_env(route: String) -> Self {
        let aws = Aws::new(aws::env("AWS_ENDPOINT_URL"));
        let db = aws.dynamodb();
        let chat = Chat {
            rooms: Rooms { db: db.clone(), table: setting("ROOMS_TABLE") },
            connections: Connections { db: db.clone(), table: setting("CONNECTIONS_TABLE") },
            log: Log { db, table: setting("MESSAGES_TABLE") },
            poster: Poster { client: aws.connections(setting("CALLBACK_URL")) },
        };
        let site = Site { url: setting("SITE_URL") };
        Self { chat, site, route, stage: setting("STAGE"), aws, tokens: OnceCell::new() }
    }

    /// The keeper of guest tokens; its key is read from Secrets Manager once in a function's life.
    pub async fn tokens(&self) -> Result<&Tokens> {
        self.tokens.get_or_try_init(|| self.read_key()).await
    }

    async fn read_key(&self) -> Result<Tokens> {
        let doing = "read the token key";
        let secret = self
            .aws
            .secrets()
            .get_secret_value()
            .secret_id(setting("TOKEN_SECRET_ARN"))
            .send()
            .await
            .map_err(ChatError::service(doing))?;
        match secret.secret_string() {
            Some(key) if key.len() >= 32 => Ok(Tokens::new(key.as_bytes(), self.stage.as_str())),
            _ => Err(ChatError::Service { doing, reason: "it has fewer than 32 bytes".into() }),
        }
    }
}

/// A setting that this route was not given shows up as what it is, in the failure of the first call that needs it.
fn setting(name: &str) -> String {
    aws::env(name).unwrap_or_else(|| format!("{name}-is-not-set"))
}
