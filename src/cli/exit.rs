//! The exit codes, which are a contract with callers.

use std::process::ExitCode;

use crate::gate::Decision;
use crate::run::Run;

/// The result of a command, as an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// 0: the gate passed under its policy.
    Passed,
    /// 1: the gate failed, because the data is not as it must be.
    Failed,
    /// 2: nothing was judged, because of bad usage, a suite that does not parse, or an empty selection.
    Usage,
    /// 3: karat could not tell, because data is unreadable, or a check could not be evaluated and none
    /// failed.
    Unknown,
}

impl Exit {
    /// Converts the exit code of another process of karat.
    #[cfg(not(unix))]
    pub(super) fn of_code(code: Option<i32>) -> Self {
        [Self::Passed, Self::Failed, Self::Usage]
            .into_iter()
            .find(|exit| code == Some(i32::from(exit.code())))
            .unwrap_or(Self::Unknown)
    }

    /// Returns the exit code of a run: that of its gates, unless files that they let through are not published.
    pub(super) fn of(run: &Run) -> Self {
        match &run.publication {
            Some(publication) if run.passed() && publication.version().is_none() => Self::Unknown,
            _ => run.decision().into(),
        }
    }

    /// Returns the number of the exit code.
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
