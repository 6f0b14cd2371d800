//! The address of a server: `sc://host:port/;parameter=value;…`.

/// The port of a server that names none.
const PORT: u16 = 15_002;

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Address {
    /// Reads the host and the port of a URL. The rest, which may have a token, is for the client alone.
    ///
    /// # Errors
    /// What is wrong with the URL, without the URL.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let wrong = || "a server of Spark Connect is named by sc://host:port/;parameter=value".to_owned();
        let rest = url.strip_prefix("sc://").ok_or_else(wrong)?;
        let end = rest.find(['/', '?', '#', ';']).unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| wrong())?),
            _ => (authority, PORT),
        };
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if host.is_empty() || host.contains('@') {
            return Err(wrong());
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_all_that_is_shown() {
        let shown = |url: &str| Address::parse(url).map(|address| address.to_string());
        assert_eq!(shown("sc://host:15/;token=secret;use_ssl=true").unwrap(), "host:15");
        assert_eq!(shown("sc://host/").unwrap(), "host:15002");
        assert_eq!(shown("sc://[::1]:7").unwrap(), "::1:7");
        for wrong in ["host:15", "sc://", "sc://user:secret@host:1", "sc://host:secret"] {
            assert!(!shown(wrong).unwrap_err().contains("secret"), "{wrong}");
        }
    }
}
