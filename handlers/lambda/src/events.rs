//! Events that nobody waits for: a schedule's, and those that another route passes on. If one fails, the invocation
//! fails, and Lambda decides whether to repeat it.

use futures_util::future::LocalBoxFuture;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use parlor_chat::error::Result;
use serde_json::Value;

/// Runs the function. Not generic: each copy of the runtime takes a hundredth of the bundle.
pub async fn serve<'a>(handle: &'a dyn Fn(Value) -> LocalBoxFuture<'a, Result<()>>) -> std::result::Result<(), Error> {
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| handle(event.payload).await.map_err(Error::from)))
        .await
}
