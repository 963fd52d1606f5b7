//! Passing a message on to the bots that it addresses: one asynchronous invocation of their function for each, while
//! the message is posted. Nothing waits for it longer than two attempts, and nobody's `ack` at all.

use std::sync::OnceLock;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use futures_util::future::{join, join_all};
use parlor_protocol::limits::BOTS_ASKED;
use parlor_protocol::log::LogEvent;
use parlor_protocol::person::{Person, is_bot};
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::Bots;
use crate::conversations::standing::Standing;
use crate::delivery::PostCounts;
use crate::error::{ChatError, Result};
use crate::log::record::Recorded;

/// One attempt, from connecting to the answer. Lambda answers within a tenth of it.
const ATTEMPT: Duration = Duration::from_millis(700);
/// Two, because the first socket after a freeze may be dead.
const ATTEMPTS: usize = 2;
const ASKING: &str = "ask a bot";

/// A message that a bot is to answer: where it is. Its text stays in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    /// The bot's name.
    pub bot: String,
}

impl Bots {
    /// Returns what the bots are to answer: in a conversation those that are members, in a room those that the message
    /// mentions and the owner allowed when the number was drawn.
    pub fn addressed(&self, recorded: &Recorded, standing: &Standing) -> Vec<Question> {
        let Recorded::Event { event: LogEvent::Message(message), bots: allowed, .. } = recorded else {
            return Vec::new();
        };
        // A retry sees the message as it is now. Only what was sent asks.
        if message.edited_at.is_some() {
            return Vec::new();
        }
        let members: Vec<Person> = match standing {
            Standing::Member { roster, .. } if roster.current().any(|member| member.blocks) => Vec::new(),
            Standing::Member { roster, .. } => {
                roster.current().filter(|member| is_bot(&member.user_id)).map(|member| member.person()).collect()
            }
            Standing::Occupant(_) => {
                allowed.iter().filter(|bot| message.mentions.contains(&bot.user_id)).cloned().collect()
            }
        };
        let question = |person: &Person| {
            let bot = self.with_id(&person.user_id)?.name.clone();
            Some(Question { room: message.room.clone(), epoch: message.epoch.clone(), seq: message.seq, bot })
        };
        members.iter().filter_map(question).take(BOTS_ASKED).collect()
    }

    /// Asks the bots while `deliver` posts the message. Counts those that could not be asked.
    pub async fn ask(
        &self,
        questions: Vec<Question>,
        deliver: impl Future<Output = PostCounts>,
        now: Millis,
    ) -> PostCounts {
        let asking = join_all(questions.iter().map(|question| self.function.invoke(question, now)));
        let (counts, asked) = join(deliver, asking).await;
        PostCounts { unasked: asked.iter().filter(|asked| asked.is_err()).count(), ..counts }
    }
}

/// The function that answers for the bots. Invoking it is one signed request: the SDK of its service would make all
/// functions larger.
pub struct Function {
    connector: OnceLock<SharedHttpConnector>,
    url: String,
    region: String,
    credentials: Credentials,
}

impl Function {
    /// `endpoint` is Lambda's address, `name` the function's.
    pub fn new(endpoint: &str, name: &str, region: String, credentials: Credentials) -> Self {
        let url = format!("{endpoint}/2015-03-31/functions/{name}/invocations");
        Self { connector: OnceLock::new(), url, region, credentials }
    }

    /// `connector` sends the requests.
    pub fn over(self, connector: SharedHttpConnector) -> Self {
        Self { connector: connector.into(), ..self }
    }

    /// Has the function invoked soon.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn invoke(&self, payload: &impl Serialize, now: Millis) -> Result<()> {
        let body = serde_json::to_vec(payload).map_err(|_| unasked("request not built"))?;
        let mut failure = unasked("timeout");
        for _ in 0..ATTEMPTS {
            match timeout(ATTEMPT, self.attempt(&body, now)).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => failure = error,
                Err(_) => {}
            }
        }
        Err(failure)
    }

    async fn attempt(&self, body: &[u8], now: Millis) -> Result<()> {
        let request = self.signed(body, now).ok_or_else(|| unasked("request not built"))?;
        let response = self.connector().call(request).await.map_err(|_| unasked("no connection"))?;
        if response.status().is_success() { Ok(()) } else { Err(unasked("refused")) }
    }

    fn connector(&self) -> &SharedHttpConnector {
        self.connector.get_or_init(|| {
            let tls = tls::Provider::Rustls(CryptoMode::Ring);
            SharedHttpConnector::new(Connector::builder().tls_provider(tls).build())
        })
    }

    fn signed(&self, body: &[u8], now: Millis) -> Option<HttpRequest> {
        let headers = [("content-type", "application/json"), ("x-amz-invocation-type", "Event")];
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("lambda")
            .time(UNIX_EPOCH + Duration::from_millis(now))
            .settings(SigningSettings::default())
            .build()
            .ok()?
            .into();
        let signable = SignableRequest::new("POST", &self.url, headers.into_iter(), SignableBody::Bytes(body)).ok()?;
        let (instructions, _) = sign(signable, &params).ok()?.into_parts();
        let request = http::Request::post(&self.url);
        let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let mut request = request.body(SdkBody::from(body.to_vec())).ok()?;
        instructions.apply_to_request_http1x(&mut request);
        request.try_into().ok()
    }
}

fn unasked(reason: &str) -> ChatError {
    ChatError::Service { doing: ASKING, reason: reason.into() }
}
