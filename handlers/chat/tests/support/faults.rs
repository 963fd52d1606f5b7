//! Faults: an HTTP client between the handlers and the services that makes the n-th call of an operation fail in a chosen
//! way.

use std::fmt;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use tokio::sync::Notify;

/// What happens to the n-th call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The call and all later ones do not arrive.
    Outage,
    /// The call is executed, but its response is lost and no later call arrives.
    OutageAfter,
    /// The call is executed but its response is lost, so the SDK repeats it.
    Repeat,
    /// The service throttles the call and all later ones.
    Throttle,
    /// The function is killed during the call: the call is executed, but nobody receives the response.
    Stop,
    /// The call arrives late. Meanwhile others act, at a later time.
    Delay,
}

impl Fault {
    pub const ALL: [Self; 6] = [Self::Outage, Self::OutageAfter, Self::Repeat, Self::Throttle, Self::Stop, Self::Delay];
}

/// How an operation ended.
#[derive(Debug)]
pub enum Ended<T> {
    Finished(T),
    /// The function was killed.
    Stopped,
}

/// An HTTP client that injects faults.
#[derive(Clone)]
pub struct Faults(Arc<Inner>);

struct Inner {
    real: SharedHttpClient,
    state: Mutex<State>,
    stopped: Notify,
    paused: Notify,
    resumed: Notify,
}

#[derive(Default)]
struct State {
    calls: usize,
    armed: Option<(usize, Fault)>,
}

impl Faults {
    pub fn over(real: SharedHttpClient) -> Self {
        let (stopped, paused, resumed) = Default::default();
        Self(Arc::new(Inner { real, state: Mutex::default(), stopped, paused, resumed }))
    }

    /// Injects the same faults into the requests of another connector.
    pub fn connector(&self, real: SharedHttpConnector) -> SharedHttpConnector {
        SharedHttpConnector::new(Faulty { faults: self.clone(), real })
    }

    /// Runs `operation` with `fault` at its n-th call, counted from 1. `meanwhile` runs while a call is delayed. Returns how it
    /// ended, and whether it made n calls at all.
    pub async fn during<T>(
        &self,
        n: usize,
        fault: Fault,
        operation: impl Future<Output = T>,
        meanwhile: impl AsyncFnOnce(),
    ) -> (Ended<T>, bool) {
        *self.0.state.lock().unwrap() = State { calls: 0, armed: Some((n, fault)) };
        let operation = async {
            tokio::select! {
                biased;
                () = self.0.stopped.notified() => Ended::Stopped,
                done = operation => Ended::Finished(done),
            }
        };
        let delay = async {
            self.0.paused.notified().await;
            meanwhile().await;
            self.0.resumed.notify_one();
            std::future::pending::<()>().await;
        };
        let ended = tokio::select! { ended = operation => ended, () = delay => unreachable!("it never ends") };
        let state = std::mem::take(&mut *self.0.state.lock().unwrap());
        (ended, state.calls >= n)
    }

    /// Returns the fault of this call, if any.
    fn next(&self) -> Option<Fault> {
        let mut state = self.0.state.lock().unwrap();
        state.calls += 1;
        let (n, fault) = state.armed?;
        match fault {
            Fault::OutageAfter if state.calls > n => Some(Fault::Outage),
            Fault::Outage | Fault::Throttle if state.calls >= n => Some(fault),
            _ => (state.calls == n).then_some(fault),
        }
    }

    async fn call(&self, real: SharedHttpConnector, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        match self.next() {
            None => real.call(request).await,
            Some(Fault::Outage) => Err(ConnectorError::io("injected fault".into())),
            Some(Fault::OutageAfter | Fault::Repeat) => {
                real.call(request).await?;
                Err(ConnectorError::io("injected fault".into()))
            }
            Some(Fault::Throttle) => Ok(throttled(request.uri())),
            Some(Fault::Stop) => {
                real.call(request).await?;
                self.0.stopped.notify_one();
                std::future::pending().await
            }
            Some(Fault::Delay) => {
                self.0.paused.notify_one();
                self.0.resumed.notified().await;
                real.call(request).await
            }
        }
    }
}

/// The throttling response of DynamoDB, `@connections`, Lambda, Lex or Bedrock.
fn throttled(uri: &str) -> HttpResponse {
    let is_http = ["@connections", "/invocations", "/text", "/converse-stream"].iter().any(|part| uri.contains(part));
    let (status, code) = if is_http { (429, "LimitExceededException") } else { (400, "ThrottlingException") };
    let body = format!(r#"{{"__type":"com.amazonaws#{code}","message":"slow down"}}"#);
    HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faults")
    }
}

impl HttpClient for Faults {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let real = self.0.real.http_connector(settings, components);
        SharedHttpConnector::new(Faulty { faults: self.clone(), real })
    }
}

#[derive(Debug)]
struct Faulty {
    faults: Faults,
    real: SharedHttpConnector,
}

impl HttpConnector for Faulty {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (faults, real) = (self.faults.clone(), self.real.clone());
        HttpConnectorFuture::new(async move { faults.call(real, request).await })
    }
}
