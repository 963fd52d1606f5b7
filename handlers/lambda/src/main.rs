//! The one binary of all routes. Each function has its route's name in `ROUTE`; least privilege comes from its role.

fn main() -> Result<(), lambda_runtime::Error> {
    parlor_lambda::routes::run()
}
