//! Credentials that somebody lends for a time, such as a catalog for one of its tables. They are asked for anew before they expire.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::lock::Mutex;
use object_store::aws::AwsCredential;
use object_store::azure::AzureCredential;
use object_store::client::CredentialProvider;
use object_store::gcp::GcpCredential;
use object_store::{Error as StoreError, Result as StoreResult};
use percent_encoding::percent_decode_str;

/// Lends credentials of a store.
#[async_trait]
pub trait Lender: Send + Sync {
    /// Returns credentials that are valid from now on.
    ///
    /// # Errors
    /// None are lent; the reason names no secret.
    async fn lend(&self) -> Result<Lending, String>;
}

/// Credentials, and how long they are valid.
#[derive(Clone)]
pub struct Lending {
    /// The credentials.
    pub credentials: Lent,
    /// How long they are valid; `None` if nobody says.
    pub lasts: Option<Duration>,
}

/// Credentials of a store. `Debug` shows none.
#[derive(Clone)]
pub enum Lent {
    /// Keys of S3.
    S3 {
        /// The access key's id.
        key_id: String,
        /// The secret access key.
        secret_key: String,
        /// The token of the session.
        session_token: Option<String>,
    },
    /// A shared access signature of Azure, as a query.
    AzureSignature(String),
    /// A token of Azure's directory.
    AzureToken(String),
    /// A token of Google.
    GoogleToken(String),
}

impl fmt::Debug for Lent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lent")
    }
}

/// The credentials that a lender gave last.
#[derive(Clone)]
pub(super) struct Kept {
    lender: Arc<dyn Lender>,
    lending: Arc<Mutex<Option<(Lent, Instant)>>>,
}

/// How long before its end a credential is used no longer: a request may be retried for some minutes.
const MARGIN: Duration = Duration::from_mins(5);
/// How long a credential is used of which nobody says when it ends.
const UNKNOWN: Duration = Duration::from_mins(10);

impl Kept {
    pub(super) fn of(lender: Arc<dyn Lender>) -> Self {
        Self { lender, lending: Arc::default() }
    }

    /// Returns credentials that are valid for some minutes, or at least for half of what a short one was.
    async fn valid(&self) -> Result<Lent, String> {
        let mut lending = self.lending.lock().await;
        if let Some((lent, until)) = lending.as_ref()
            && Instant::now() < *until
        {
            return Ok(lent.clone());
        }
        let Lending { credentials, lasts } = self.lender.lend().await?;
        let used = lasts.map_or(UNKNOWN, |lasts| lasts.saturating_sub(MARGIN).max(lasts / 2));
        *lending = Some((credentials.clone(), Instant::now() + used));
        Ok(credentials)
    }

    async fn as_of<T>(&self, of_store: impl Fn(Lent) -> Option<T> + Send) -> StoreResult<Arc<T>> {
        let refused = |reason: String| StoreError::Generic { store: LENDER, source: reason.into() };
        let lent = self.valid().await.map_err(refused)?;
        of_store(lent).map(Arc::new).ok_or_else(|| {
            refused("the credentials that are lent are those of another kind of store".to_owned())
        })
    }
}

/// Two are the same if they are kept together.
impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.lending, &other.lending)
    }
}

impl Eq for Kept {}

/// The name of this in errors of stores.
const LENDER: &str = "lent credentials";

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

/// The same for one kind of store.
#[derive(Debug)]
pub(super) struct ForS3(pub(super) Kept);

/// The same for one kind of store.
#[derive(Debug)]
pub(super) struct ForAzure(pub(super) Kept);

/// The same for one kind of store.
#[derive(Debug)]
pub(super) struct ForGoogle(pub(super) Kept);

#[async_trait]
impl CredentialProvider for ForS3 {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> StoreResult<Arc<AwsCredential>> {
        let of_s3 = |lent| match lent {
            Lent::S3 { key_id, secret_key, session_token } => {
                Some(AwsCredential { key_id, secret_key, token: session_token })
            }
            _ => None,
        };
        self.0.as_of(of_s3).await
    }
}

#[async_trait]
impl CredentialProvider for ForAzure {
    type Credential = AzureCredential;

    async fn get_credential(&self) -> StoreResult<Arc<AzureCredential>> {
        let of_azure = |lent| match lent {
            Lent::AzureSignature(query) => Some(AzureCredential::SASToken(pairs(&query)?)),
            Lent::AzureToken(token) => Some(AzureCredential::BearerToken(token)),
            _ => None,
        };
        self.0.as_of(of_azure).await
    }
}

#[async_trait]
impl CredentialProvider for ForGoogle {
    type Credential = GcpCredential;

    async fn get_credential(&self) -> StoreResult<Arc<GcpCredential>> {
        let of_google = |lent| match lent {
            Lent::GoogleToken(bearer) => Some(GcpCredential { bearer }),
            _ => None,
        };
        self.0.as_of(of_google).await
    }
}

/// Returns the pairs of a query, decoded; `None` if it is none.
fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let decoded = |text: &str| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
    let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').and_then(|(name, value)| Some((decoded(name)?, decoded(value)?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    struct Often {
        lasts: Option<Duration>,
        asked: AtomicUsize,
    }

    #[async_trait]
    impl Lender for Often {
        async fn lend(&self) -> Result<Lending, String> {
            let number = self.asked.fetch_add(1, Ordering::Relaxed);
            Ok(Lending { credentials: Lent::GoogleToken(format!("secret {number}")), lasts: self.lasts })
        }
    }

    fn asked_twice(lasts: Option<Duration>) -> (String, usize) {
        let lender = Arc::new(Often { lasts, asked: AtomicUsize::new(0) });
        let google = ForGoogle(Kept::of(lender.clone()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let token = runtime.block_on(async {
            let _ = google.get_credential().await.unwrap();
            google.get_credential().await.unwrap().bearer.clone()
        });
        assert!(runtime.block_on(ForS3(google.0.clone()).get_credential()).is_err());
        assert!(!format!("{google:?} {:?}", Lent::AzureToken("secret".to_owned())).contains("secret"));
        (token, lender.asked.load(Ordering::Relaxed))
    }

    #[test]
    fn credentials_are_asked_for_anew_before_they_expire() {
        assert_eq!(asked_twice(Some(Duration::from_hours(1))), ("secret 0".to_owned(), 1));
        assert_eq!(asked_twice(None), ("secret 0".to_owned(), 1));
        assert_eq!(asked_twice(Some(Duration::ZERO)).0, "secret 1");
        assert_eq!(asked_twice(Some(Duration::from_mins(4))), ("secret 0".to_owned(), 1));
    }

    #[test]
    fn a_signature_is_a_query() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(pairs("?sv=1&sig=a%3D"), Some(vec![pair("sv", "1"), pair("sig", "a=")]));
        assert_eq!(pairs("sig"), None);
    }
}
