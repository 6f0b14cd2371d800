//! Formats errors with their causes.

use crate::document::without_credentials;
use crate::privacy::Untrusted;
use crate::source::SourceError;

/// Returns an error and its causes in one line, without credentials.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    without_credentials(&text)
}

/// Returns an error and its causes as text in which the message of an engine may quote any value.
pub(crate) fn untrusted(error: &SourceError) -> Untrusted {
    const WITHHELD: &str = ": the engine's message is withheld, since it may quote personal data";
    match error {
        SourceError::Engine { source, .. } => {
            let message = Untrusted::from(chain(source));
            Untrusted::places(without_credentials(&error.to_string())).quoting(": ", &message, WITHHELD)
        }
        other => Untrusted::places(chain(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ColumnPath;
    use crate::privacy::Privacy;
    use crate::source::EngineMessage;

    #[test]
    fn what_an_engine_says_when_a_read_is_set_up_is_withheld_from_those_who_have_personal_data() {
        let source = EngineMessage::of(&std::io::Error::other("cannot parse jane@example.org"));
        let error = untrusted(&SourceError::Engine { uri: "orders".to_owned(), source });
        let shown = |personal: &[ColumnPath]| Privacy::of(personal).text(&error).to_string();
        assert_eq!(shown(&[]), "cannot set up the read of orders: cannot parse jane@example.org");
        assert_eq!(
            shown(&[ColumnPath::column("email")]),
            "cannot set up the read of orders: the engine's message is withheld, since it may quote personal data"
        );
    }
}
