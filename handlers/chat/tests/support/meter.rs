//! A meter: an HTTP client between the handlers and the services that counts what an operation costs.

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

/// What an operation cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// Read units, as DynamoDB reports in `ConsumedCapacity`: one is a strongly consistent read of 4 KB.
    pub reads: f64,
    /// Write units: one is a write of 1 KB; in a transaction it counts twice.
    pub writes: f64,
    pub posts: usize,
    /// Invocations of the bots' function.
    pub invocations: usize,
    /// Sequential round trips to DynamoDB.
    pub trips: usize,
    /// Those before the first post.
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

    /// Counts the requests of another connector, too.
    pub fn connector(&self, real: SharedHttpConnector) -> SharedHttpConnector {
        SharedHttpConnector::new(Metered { meter: self.clone(), real })
    }

    /// Returns the cost since the last call.
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
        if request.uri().ends_with("/invocations") {
            self.cost.lock().unwrap().invocations += 1;
            return real.call(request).await;
        }
        // Concurrent calls are one round trip: each comes after the trips that were finished when it began.
        let trip = self.cost.lock().unwrap().trips + 1;
        let is_read = request
            .headers()
            .get("x-amz-target")
            .is_some_and(|target| target.ends_with("GetItem") || target.ends_with("Query"));
        let mut response = real.call(with_capacity_requested(request)).await?;
        let body = ByteStream::new(response.take_body()).collect().await.unwrap().into_bytes();
        let units = consumed(&serde_json::from_slice(&body).unwrap_or_default());
        *response.body_mut() = SdkBody::from(body);
        let mut cost = self.cost.lock().unwrap();
        *(if is_read { &mut cost.reads } else { &mut cost.writes }) += units;
        cost.trips = cost.trips.max(trip);
        Ok(response)
    }
}

/// Makes DynamoDB report the consumed capacity.
fn with_capacity_requested(mut request: HttpRequest) -> HttpRequest {
    let mut body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
    body["ReturnConsumedCapacity"] = json!("TOTAL");
    let body = body.to_string();
    request.headers_mut().insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
    request
}

/// Returns the consumed units. For a transaction, DynamoDB lists them per table.
fn consumed(response: &Value) -> f64 {
    let units = |consumed: &Value| consumed["CapacityUnits"].as_f64().unwrap_or_default();
    match &response["ConsumedCapacity"] {
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
