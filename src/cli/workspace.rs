//! The workspace of Databricks that the environment names.

use std::time::Duration;

use super::environment::given;
use super::systems::Missing;
use crate::source::{DatabricksSettings, Login};

const NO_LOGIN: &str = "neither DATABRICKS_TOKEN nor DATABRICKS_CLIENT_ID with DATABRICKS_CLIENT_SECRET says who asks the workspace";
const TWO_LOGINS: &str =
    "DATABRICKS_TOKEN and DATABRICKS_CLIENT_ID are both given, and one of them says who asks the workspace";

/// Returns how the workspace is reached.
///
/// # Errors
/// The environment lacks something.
pub(super) fn workspace(statement_timeout: Option<Duration>) -> Result<DatabricksSettings, Missing> {
    let text = |name: &str| given(name).and_then(|value| value.into_string().ok());
    let client = text("DATABRICKS_CLIENT_ID").zip(text("DATABRICKS_CLIENT_SECRET"));
    let login = match (text("DATABRICKS_TOKEN"), client) {
        (Some(token), None) => Ok(Login::Token(token)),
        (None, Some((id, secret))) => Ok(Login::Client { id, secret }),
        (None, None) => Err(NO_LOGIN),
        (Some(_), Some(_)) => Err(TWO_LOGINS),
    };
    let host = text("DATABRICKS_HOST").ok_or("DATABRICKS_HOST names no workspace");
    match host.and_then(|host| Ok((host, login?))) {
        Ok((host, login)) => {
            let warehouse = text("DATABRICKS_WAREHOUSE_ID");
            Ok(DatabricksSettings { host, login, warehouse, statement_timeout })
        }
        Err(what) => {
            let help = "karat explain databricks says what the environment must hold".to_owned();
            Err(Missing { what, help })
        }
    }
}
