//! Addresses of the Internet Protocol.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

/// Which addresses are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IpVersion {
    /// Those of any version.
    Any,
    /// Those of version 4.
    V4,
    /// Those of version 6.
    V6,
}

/// Returns whether a text is an address.
pub(super) fn is_address(version: IpVersion, text: &str) -> bool {
    match version {
        IpVersion::Any => text.parse::<IpAddr>().is_ok(),
        IpVersion::V4 => text.parse::<Ipv4Addr>().is_ok(),
        IpVersion::V6 => text.parse::<Ipv6Addr>().is_ok(),
    }
}
