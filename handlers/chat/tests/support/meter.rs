//! A meter: lies between the handlers and the services, and counts what an act costs.

use std::fmt;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Value, json};

/// What an act cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// Read units, as DynamoDB says in `ConsumedCapacity`: one is 4 KB, strongly consistent.
    pub reads: f64,
    /// Write units: one is 1 KB, and two in a transaction.
    pub writes: f64,
    pub posts: usize,
    /// Round trips to DynamoDB one after another, in all and before the first post.
    pub trips: usize,
    pub trips_before_post: usize,
}

/// An HTTP client that counts.
#[derive(Clone)]
pub struct Meter {
    real: SharedHttpClient,
    cost: Arc<Mutex<Cost>>,
}

impl Meter {
    pub fn over(real: SharedHttpClient) -> Self {
        Self { real, cost: Arc::default() }
    }

    /// What was done since the last call has cost.
    pub fn take(&self) -> Cost {
        std::mem::take(&mut *self.cost.lock().unwrap())
    }

    fn count_post(&self) {
        let mut cost = self.cost.lock().unwrap();
        if cost.posts == 0 {
            cost.trips_before_post = cost.trips;
        }
        cost.posts += 1;
    }

    async fn call(&self, real: SharedHttpConnector, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        if request.uri().contains("@connections") {
            self.count_post();
            return real.call(request).await;
        }
        // Calls that begin side by side are one trip: all of them come after what was finished when they began.
        let trip = self.cost.lock().unwrap().trips + 1;
        let is_read = request
            .headers()
            .get("x-amz-target")
            .is_some_and(|target| target.ends_with("GetItem") || target.ends_with("Query"));
        let mut response = real.call(asking_for_capacity(request)).await?;
        let body = ByteStream::new(response.take_body()).collect().await.unwrap().into_bytes();
        let units = consumed(&serde_json::from_slice(&body).unwrap_or_default());
        *response.body_mut() = SdkBody::from(body);
        let mut cost = self.cost.lock().unwrap();
        *(if is_read { &mut cost.reads } else { &mut cost.writes }) += units;
        cost.trips = cost.trips.max(trip);
        Ok(response)
    }
}

fn asking_for_capacity(mut request: HttpRequest) -> HttpRequest {
    let mut body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
    body["ReturnConsumedCapacity"] = json!("TOTAL");
    let body = body.to_string();
    request.headers_mut().insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
    request
}

/// A transaction answers with a list, one for each table.
fn consumed(answer: &Value) -> f64 {
    let units = |consumed: &Value| consumed["CapacityUnits"].as_f64().unwrap_or_default();
    match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().map(units).sum(),
        one => units(one),
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meter")
    }
}

impl HttpClient for Meter {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let real = self.real.http_connector(settings, components);
        SharedHttpConnector::new(Metered { meter: self.clone(), real })
    }
}

#[derive(Debug)]
struct Metered {
    meter: Meter,
    real: SharedHttpConnector,
}

impl HttpConnector for Metered {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (meter, real) = (self.meter.clone(), self.real.clone());
        HttpConnectorFuture::new(async move { meter.call(real, request).await })
    }
}
