//! `ip_address`: every value is an IP address.

use super::super::{Definition, Family, Nature, Parameter, ParameterKind, Scope};
use super::EveryText;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "ip_address",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is an IP address",
    parameters: &[Parameter::optional(
        "version",
        ParameterKind::Choice(&["any", "4", "6"]),
        "the version of the protocol",
    )],
    bare: Some("version"),
    page: include_str!("../../../expectations/values/ip_address.md"),
    read: |arguments| {
        let (version, is_address) = arguments.choice("version", &VERSIONS)?;
        let name = match version {
            Some(version) => format!("is an IPv{version} address"),
            None => "is an IP address".to_owned(),
        };
        Ok(EveryText::demanding(version.unwrap_or_default().to_owned(), &name, is_address))
    },
};

type Version = (Option<&'static str>, fn(&str) -> bool);

const VERSIONS: [(&str, Version); 3] = [
    ("any", (None, |text| text.parse::<IpAddr>().is_ok())),
    ("4", (Some("4"), |text| text.parse::<Ipv4Addr>().is_ok())),
    ("6", (Some("6"), |text| text.parse::<Ipv6Addr>().is_ok())),
];
