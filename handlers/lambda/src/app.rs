//! What a function needs, from its environment. A route is given the names of the tables that it may use and no others.

use std::sync::OnceLock;

use parlor_chat::Chat;
use parlor_chat::aws::{self, Aws};
use parlor_chat::edge::Edge;
use parlor_chat::fanout::Poster;
use parlor_chat::identity::{Guests, Identity, Provider};
use parlor_chat::limiter::Limiter;
use parlor_chat::lobby::Site;
use parlor_chat::store::{Connections, Limits, Log, Rooms};

use crate::origins::Origins;

pub struct App {
    pub chat: Chat,
    pub site: Site,
    pub origins: Origins,
    pub route: String,
    stage: String,
    aws: Aws,
    edge: OnceLock<Edge>,
    identity: OnceLock<Identity>,
}

impl App {
    pub fn from_env(route: String) -> Self {
        let aws = Aws::new(aws::env("AWS_ENDPOINT_URL"));
        let db = aws.dynamodb();
        let chat = Chat {
            rooms: Rooms { db: db.clone(), table: setting("ROOMS_TABLE") },
            connections: Connections { db: db.clone(), table: setting("CONNECTIONS_TABLE") },
            log: Log { db: db.clone(), table: setting("MESSAGES_TABLE") },
            poster: Poster { client: aws.connections(setting("CALLBACK_URL")) },
            limiter: Limiter {
                limits: Limits { db, table: setting("LIMITS_TABLE") },
                rates: aws::env("RATES").and_then(|rates| serde_json::from_str(&rates).ok()),
            },
        };
        let site = Site { url: setting("SITE_URL") };
        let origins = Origins::new(setting("ORIGINS"));
        Self {
            chat,
            site,
            origins,
            route,
            stage: setting("STAGE"),
            aws,
            edge: OnceLock::new(),
            identity: OnceLock::new(),
        }
    }

    /// Of a stage with a firewall.
    #[cfg(test)]
    pub fn behind_firewall(route: &str) -> Self {
        let app = Self::from_env(route.into());
        let edge = Edge::new(app.aws.secrets(), String::new(), true);
        Self { edge: OnceLock::from(edge), ..app }
    }

    /// Tells whether requests came through CloudFront.
    pub fn edge(&self) -> &Edge {
        self.edge
            .get_or_init(|| Edge::new(self.aws.secrets(), setting("EDGE_SECRET_ARN"), aws::env("EDGE_ONLY").is_some()))
    }

    /// Tells whom tokens prove.
    pub fn identity(&self) -> &Identity {
        self.identity.get_or_init(|| Identity {
            guests: Guests::new(self.aws.secrets(), setting("TOKEN_SECRET_ARN"), self.stage.clone()),
            provider: aws::env("OIDC_ISSUER")
                .map(|issuer| Provider::new(issuer, setting("OIDC_AUDIENCE"), self.stage == "local")),
        })
    }
}

/// A setting that this route was not given shows up as what it is, in the failure of the first call that needs it.
fn setting(name: &str) -> String {
    aws::env(name).unwrap_or_else(|| format!("{name}-is-not-set"))
}
