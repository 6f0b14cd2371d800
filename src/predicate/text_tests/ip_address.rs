//! IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

/// The versions of IP that are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IpVersion {
    /// Any version.
    Any,
    /// Version 4.
    V4,
    /// Version 6.
    V6,
}

/// Returns whether a text is an IP address of a version.
pub(super) fn is_address(version: IpVersion, text: &str) -> bool {
    match version {
        IpVersion::Any => text.parse::<IpAddr>().is_ok(),
        IpVersion::V4 => text.parse::<Ipv4Addr>().is_ok(),
        IpVersion::V6 => text.parse::<Ipv6Addr>().is_ok(),
    }
}
