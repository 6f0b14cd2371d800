//! Turns the errors of stores into errors that tell the user what to do and hold no secret.

use std::error::Error;

use object_store::Error as StoreError;
use object_store::client::{HttpError, HttpErrorKind};

use super::address::Cloud;
use super::client::{RefusedRedirect, UntrustedCertificate};
use super::retry::{FailedAnswer, RetriesExhausted};
use crate::source::SourceError;
use crate::source::dependency_messages::{
    DENIED, NO_PART, OTHER_PART, REDIRECTED_NOWHERE, SERVICES, STATUS, UNENCRYPTED,
};

/// Returns the error for a URI that could not be read. Of the store's answer, the error repeats only the code
/// and the message, since the rest may hold keys and signatures.
pub(super) fn store_error(uri: &str, error: &StoreError) -> SourceError {
    let uri = uri.to_owned();
    let text = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let answer = code_and_message(&text);
    let asked = behind::<RetriesExhausted>(error).map(RetriesExhausted::description).unwrap_or_default();
    let is_expired = is_expired(&text);
    let reason = match error {
        StoreError::NotFound { .. } => match &answer {
            Some(answer) if is_of_bucket(answer) => no_bucket(&uri, answer),
            _ => return SourceError::Missing { uri, near: None },
        },
        _ if is_expired => {
            format!("the credentials have expired: {}", answer.unwrap_or_else(|| brief(&text)))
        }
        StoreError::Precondition { .. } | StoreError::NotModified { .. } => {
            return SourceError::Changed { path: uri, how: "rewritten" };
        }
        StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => denied(answer),
        _ if DENIED.iter().any(|status| text.contains(status)) => denied(answer),
        StoreError::NotImplemented { .. } | StoreError::NotSupported { .. } => {
            "the store cannot do what reading it takes".to_owned()
        }
        error => match connection(&uri, error, &text).or(answer).unwrap_or_else(|| brief(&text)) {
            answer if is_of_bucket(&answer) => no_bucket(&uri, &answer),
            answer => answer,
        },
    };
    SourceError::Store { uri, reason: reason + &asked }
}

/// Returns why a service that is no store has not answered, without secrets.
#[cfg(feature = "databricks")]
pub(super) fn unanswered(url: &url::Url, error: HttpError) -> String {
    let shown = crate::data::redacted(url.as_str());
    let error = StoreError::Generic { store: super::client::CLIENT, source: Box::new(error) };
    match store_error(&shown, &error) {
        SourceError::Store { reason, .. } => reason,
        other => other.to_string(),
    }
}

/// Returns whether a store has refused a request, so that it will not do later what was asked for. One that does not answer, or
/// says that it has failed, may have done it.
pub(crate) fn is_refusal(error: &StoreError) -> bool {
    const STATUSES: [&str; 3] = ["status code: 4", "status code: 501", "status code: 503"];
    let text = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let is_unsent =
        behind::<HttpError>(error).is_some_and(|error| matches!(error.kind(), HttpErrorKind::Connect));
    match error {
        StoreError::NotFound { .. }
        | StoreError::PermissionDenied { .. }
        | StoreError::Unauthenticated { .. }
        | StoreError::NotImplemented { .. }
        | StoreError::NotSupported { .. }
        | StoreError::InvalidPath { .. } => true,
        _ => is_unsent || STATUSES.iter().any(|status| text.contains(status)),
    }
}

/// Returns whether a store has refused a request for good. One that is too busy is believed less: who stands before it may have
/// answered, and passed on the request.
pub(crate) fn is_refusal_for_good(error: &StoreError) -> bool {
    let text = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    match error {
        // Somebody else has put it, perhaps an earlier try of the same request.
        StoreError::AlreadyExists { .. } | StoreError::Precondition { .. } => false,
        error => is_refusal(error) && !text.contains("status code: 503"),
    }
}

/// Returns what the store behind an error has answered, without secrets; `None` if the error is of no store.
pub(crate) fn answer_of_store(uri: &str, error: &(dyn Error + 'static)) -> Option<String> {
    Some(match store_error(uri, of_store(error)?) {
        SourceError::Store { reason, .. } => reason,
        SourceError::Changed { .. } => "it was written by others meanwhile".to_owned(),
        _ => "it is not there".to_owned(),
    })
}

fn denied(answer: Option<String>) -> String {
    format!("access is denied: {}", answer.unwrap_or_else(|| "the store does not say why".to_owned()))
}

/// Returns the first store error in a chain of causes, beginning with the error itself.
pub(super) fn of_store<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a StoreError> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// Returns the first cause of type `E` behind an error.
fn behind<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// Returns whether an error was caused by a store.
pub(crate) fn is_of_store(error: &(dyn Error + 'static)) -> bool {
    of_store(error).is_some()
}

/// Returns whether an error was caused by a store for any reason other than a missing object.
pub(crate) fn is_failing(error: &(dyn Error + 'static)) -> bool {
    of_store(error).is_some_and(|error| !matches!(error, StoreError::NotFound { .. }))
}

/// Returns whether the connection broke in the middle of an answer, so that the request may resume from
/// there.
pub(super) fn is_cut(error: &StoreError) -> bool {
    matches!(error, StoreError::Generic { source, .. } if source.is::<HttpError>())
}

/// Returns whether a store failed because it does not support range requests.
pub(super) fn knows_no_ranges(error: &StoreError) -> bool {
    matches!(error, StoreError::NotSupported { .. }) || error.to_string().contains(NO_PART)
}

/// Returns whether a store failed because the requested range lies outside the object.
pub(super) fn has_no_such_range(error: &StoreError) -> bool {
    let text = error.to_string();
    OTHER_PART.iter().any(|no| text.contains(no))
}

/// Names the bucket as the provider does: Azure calls it a container.
fn no_bucket(uri: &str, answer: &str) -> String {
    let what = if Cloud::of_shown(uri) == Some(Cloud::Azure) { "container" } else { "bucket" };
    format!("there is no such {what} ({answer})")
}

fn is_of_bucket(answer: &str) -> bool {
    const CODES: [&str; 3] = ["NoSuchBucket", "ContainerNotFound", "bucket does not exist"];
    CODES.iter().any(|code| answer.contains(code))
}

/// Returns whether credentials have expired, in the words of S3, of S3-compatible stores, and of Azure.
fn is_expired(text: &str) -> bool {
    const WORDS: [&str; 3] = ["ExpiredToken", "has expired", "Signature not valid in the specified time"];
    WORDS.iter().any(|words| text.contains(words))
}

/// Returns the message that no credentials were found, with the places that were searched.
fn no_credentials(uri: &str) -> String {
    let places = match Cloud::of_shown(uri) {
        Some(Cloud::S3) => {
            "storage options and the environment (AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, \
             AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN, AWS_CONTAINER_CREDENTIALS_…), the profile in \
             ~/.aws, and the service of this machine; aws_skip_signature=true reads public data"
        }
        Some(Cloud::Azure) => {
            "storage options and the environment (AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN, \
             AZURE_CLIENT_ID with AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE), and the identity of \
             this machine; azure_skip_signature=true reads public data"
        }
        _ => {
            "storage options and the environment (GOOGLE_APPLICATION_CREDENTIALS, GOOGLE_SERVICE_ACCOUNT, \
             GOOGLE_SERVICE_ACCOUNT_KEY), ~/.config/gcloud, and the identity of this machine; \
             google_skip_signature=true reads public data"
        }
    };
    format!("no credentials were found: looked for in {places}")
}

/// Returns what is wrong with the connection, or `None` if the error is not one of the connection.
fn connection(uri: &str, error: &StoreError, text: &str) -> Option<String> {
    if text.contains(REDIRECTED_NOWHERE) {
        return Some("the bucket lies in another region: aws_region (AWS_REGION) says in which".to_owned());
    }
    if SERVICES.iter().any(|service| text.contains(service)) {
        return Some(no_credentials(uri));
    }
    let (mut kind, mut deepest) = (None, error.to_string());
    let mut ours = None;
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<RefusedRedirect>() || inner.is::<UntrustedCertificate>() {
            ours = Some(inner.to_string());
        }
        kind = kind.or_else(|| inner.downcast_ref::<HttpError>().map(HttpError::kind));
        deepest = inner.to_string();
        cause = inner.source();
    }
    if let Some(answer) = ours {
        return Some(answer);
    }
    if behind::<FailedAnswer>(error).is_some() {
        return None;
    }
    if deepest.contains(UNENCRYPTED) {
        return Some("its endpoint is not encrypted (http://): allow_http=true allows that".to_owned());
    }
    let what = match kind? {
        HttpErrorKind::Connect => "its server cannot be reached",
        HttpErrorKind::Timeout => "its server does not answer in time",
        _ => "the connection was cut",
    };
    Some(format!("{what}: {}", brief(&deepest)))
}

/// Extracts the code and the message of an answer in XML or JSON, or else its HTTP status.
fn code_and_message(text: &str) -> Option<String> {
    let between = |start: &str, end: &str| {
        let (_, rest) = text.split_once(start)?;
        rest.split(end).next().map(|found| brief(found.trim())).filter(|found| !found.is_empty())
    };
    let code = between("<Code>", "</Code>");
    let message = between("<Message>", "</Message>").or_else(|| between("\"message\": \"", "\""));
    match (code, message) {
        (Some(code), Some(message)) => Some(format!("{code}: {message}")),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => {
            let [before, after] = STATUS;
            let status = between(before, after)?;
            Some(format!("it answered {status}"))
        }
    }
}

/// Returns the start of the first line, with the query cut off each URL because it may hold a signature.
fn brief(text: &str) -> String {
    const MOST: usize = 200;
    let line = text.lines().next().unwrap_or_default();
    let words = line.split(' ').map(|word| match word.split_once('?') {
        Some((before, _)) if before.contains("://") => before,
        _ => word,
    });
    words.collect::<Vec<_>>().join(" ").chars().take(MOST).collect()
}
