//! Addresses of tables: `postgres://user@host:5432/database/schema.table`.

use percent_encoding::percent_decode_str;
use url::Url;

use super::server::Server;

/// What a URI names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The URI of the database, as the client reads it.
    pub(super) database: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) name: String,
    pub(super) user: Option<String>,
    pub(super) has_password: bool,
    pub(super) schema: String,
    pub(super) table: String,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// What is missing, as a lower-case fragment.
    pub(super) fn parse(uri: &str, server: Server) -> Result<Self, String> {
        let mut url = Url::parse(uri).map_err(|error| format!("it is no URI: {error}"))?;
        let wanted = || {
            let (name, scheme) = (server.dialect().name(), server.scheme());
            format!("a table of {name} is named by {scheme}://user@host/database/schema.table")
        };
        let decoded = |part: &str| {
            percent_decode_str(part).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| wanted())
        };
        let mut parts = url.path().trim_start_matches('/').splitn(2, '/');
        let (Some(name), Some(table)) = (parts.next(), parts.next()) else { return Err(wanted()) };
        let (name, table) = (decoded(name)?, decoded(table)?);
        let (schema, table) = match table.split_once('.') {
            Some((schema, table)) => (schema.to_owned(), table.to_owned()),
            None => ("public".to_owned(), table),
        };
        if name.is_empty() || schema.is_empty() || table.is_empty() || table.contains('\0') {
            return Err(wanted());
        }
        let user = Some(decoded(url.username())?).filter(|user| !user.is_empty());
        let (host, port) =
            (url.host_str().unwrap_or_default().to_owned(), url.port().unwrap_or(server.port()));
        let has_password = url.password().is_some();
        let path = url.path().trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        url.set_path(&path);
        if server == Server::Redshift {
            // The client knows the scheme of PostgreSQL, and its port.
            let _ = (url.set_scheme("postgres"), url.set_port(Some(port)));
        }
        Ok(Self { database: url.to_string(), host, port, name, user, has_password, schema, table })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_named_before_the_table() {
        let of = |uri: &str| Address::parse(uri, Server::Postgres);
        let address = of("postgres://me:pw@host:99/db/s.t%2Fx?sslmode=require").unwrap();
        assert_eq!((address.name.as_str(), address.schema.as_str()), ("db", "s"));
        assert_eq!((address.table.as_str(), address.port), ("t/x", 99));
        assert_eq!(address.database, "postgres://me:pw@host:99/db?sslmode=require");
        assert!(address.has_password);
        assert_eq!(of("postgres://host/db/t").unwrap().schema, "public");
        assert!(of("postgres://host/db").is_err());
        let redshift = Address::parse("redshift://me@host/db/s.t", Server::Redshift).unwrap();
        assert_eq!(redshift.database, "postgres://me@host:5439/db");
    }
}
