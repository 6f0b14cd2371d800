//! How a workspace is reached.

use std::fmt;
use std::time::Duration;

use url::{Host, Url};

/// Where a workspace is, and who asks it.
#[derive(Clone)]
pub struct DatabricksSettings {
    /// The workspace: `https://dbc-1.cloud.databricks.com`, or its host alone.
    pub host: String,
    /// Who asks.
    pub login: Login,
    /// The id of the SQL warehouse that runs statements, if there is one.
    pub warehouse: Option<String>,
    /// After how long a statement is cancelled.
    pub statement_timeout: Option<Duration>,
}

/// Who asks a workspace.
#[derive(Clone)]
pub enum Login {
    /// Whoever has a personal access token, or another one that is not refreshed.
    Token(String),
    /// A service principal, by OAuth: its tokens are fetched, and refreshed.
    Client {
        /// The id of the client.
        id: String,
        /// Its secret.
        secret: String,
    },
}

impl fmt::Debug for DatabricksSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabricksSettings")
            .field("host", &self.host)
            .field("warehouse", &self.warehouse)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login")
    }
}

impl DatabricksSettings {
    /// Returns the URL of the workspace. Tokens go to an encrypted host, or to this machine.
    pub(super) fn url(&self) -> Result<Url, String> {
        let written = self.host.trim().trim_end_matches('/');
        let written = if written.contains("://") { written.to_owned() } else { format!("https://{written}") };
        let wrong = "the host of the workspace is no URL of one, such as https://dbc-1.cloud.databricks.com";
        let url =
            Url::parse(&written).ok().filter(|url| url.username().is_empty() && url.password().is_none());
        let mut url = url.filter(|url| url.query().is_none()).ok_or(wrong)?;
        let is_here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        match url.scheme() {
            "https" if url.has_host() => {}
            "http" if is_here => {}
            "http" => {
                return Err(
                    "the workspace is not encrypted (http://), and a token would be sent to it".to_owned()
                );
            }
            _ => return Err(wrong.to_owned()),
        }
        url.set_path("/");
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_encrypted_or_this_machine() {
        let url = |host: &str| {
            let login = Login::Token("dapi-secret".to_owned());
            let settings =
                DatabricksSettings { host: host.to_owned(), login, warehouse: None, statement_timeout: None };
            assert!(!format!("{settings:?}").contains("secret"));
            settings.url().map(String::from)
        };
        assert_eq!(url("dbc-1.cloud.databricks.com/"), Ok("https://dbc-1.cloud.databricks.com/".to_owned()));
        assert_eq!(url("http://127.0.0.1:8080/x"), Ok("http://127.0.0.1:8080/".to_owned()));
        assert!(url("http://dbc-1.cloud.databricks.com").unwrap_err().contains("not encrypted"));
        for wrong in ["https://me:pw@host", "ftp://host", "https://host?o=1", ""] {
            assert!(url(wrong).is_err(), "{wrong}");
        }
    }
}
