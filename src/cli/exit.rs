//! Exit codes. They are a contract.

use std::process::ExitCode;

use crate::gate::Decision;

/// How karat ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// 0: passed under its policy.
    Passed,
    /// 1: the gate failed: the data is not as it must be.
    Failed,
    /// 2: nothing was judged: bad usage, a suite that does not parse, an empty selection.
    Usage,
    /// 3: karat could not tell: data unreadable, or a check could not be evaluated and none failed.
    Unknown,
}

impl Exit {
    /// The one that another process of karat ended with.
    #[cfg(not(unix))]
    pub(super) fn of_code(code: Option<i32>) -> Self {
        [Self::Passed, Self::Failed, Self::Usage]
            .into_iter()
            .find(|exit| code == Some(i32::from(exit.code())))
            .unwrap_or(Self::Unknown)
    }

    /// Its number.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Unknown => 3,
        }
    }
}

impl From<Decision> for Exit {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Passed => Self::Passed,
            Decision::Failed => Self::Failed,
            Decision::Unknown => Self::Unknown,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
