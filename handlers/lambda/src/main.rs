//! The one binary of all functions. `ROUTE` names the function's route; its role has that route's grants only.

fn main() -> Result<(), lambda_runtime::Error> {
    parlor_lambda::routes::run()
}
