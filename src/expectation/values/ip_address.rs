//! `ip_address`: every value is an IP address.

use super::super::{Definition, Family, Nature, Parameter, ParameterKind, Scope};
use super::EveryText;
use crate::predicate::{IpVersion, TextTest};

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
        let (version, demand) = arguments.choice("version", &VERSIONS)?;
        Ok(EveryText::demanding(demand.to_owned(), TextTest::IpAddress(version)))
    },
};

/// The choices of `version`, each with the IP version and the words for the demand.
const VERSIONS: [(&str, (IpVersion, &str)); 3] =
    [("any", (IpVersion::Any, "")), ("4", (IpVersion::V4, "4")), ("6", (IpVersion::V6, "6"))];
