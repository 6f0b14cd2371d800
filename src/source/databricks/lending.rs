//! Credentials that a catalog lends to read the files of a table.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chrono::DateTime;
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, Workspace};
use crate::source::store::{Lender, Lending, Lent};

/// Asks the catalog for credentials of one table.
pub(crate) struct CatalogLender {
    workspace: Workspace,
    table_id: String,
    /// Those that were lent when the lender was made, and are not used yet.
    first: Mutex<Option<Lending>>,
}

#[derive(Deserialize)]
struct Credentials {
    /// Milliseconds since 1970.
    expiration_time: Option<i64>,
    aws_temp_credentials: Option<AwsKeys>,
    azure_user_delegation_sas: Option<AzureSignature>,
    azure_aad: Option<AzureToken>,
    gcp_oauth_token: Option<GoogleToken>,
}

#[derive(Deserialize)]
struct AwsKeys {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

#[derive(Deserialize)]
struct AzureSignature {
    sas_token: String,
}

#[derive(Deserialize)]
struct AzureToken {
    aad_token: String,
}

#[derive(Deserialize)]
struct GoogleToken {
    oauth_token: String,
}

impl CatalogLender {
    /// Returns the lender of a table, if its catalog lends.
    ///
    /// # Errors
    /// The catalog lends no credentials, or those of a store that is not read.
    pub(crate) async fn of(workspace: Workspace, table_id: String) -> Result<Self, Refusal> {
        let first = Mutex::new(Some(ask(&workspace, &table_id).await?));
        Ok(Self { workspace, table_id, first })
    }
}

async fn ask(workspace: &Workspace, table_id: &str) -> Result<Lending, Refusal> {
    let path = ["api", "2.0", "unity-catalog", "temporary-table-credentials"];
    let body = json!({"table_id": table_id, "operation": "READ"});
    let (credentials, at) = workspace.post::<Credentials>(&path, &body).await?;
    // How long they last is told by the clock of the service alone.
    let until = credentials.expiration_time.and_then(DateTime::from_timestamp_millis);
    let lasts = until.zip(at).map(|(until, at)| (until - at).to_std().unwrap_or_default());
    let credentials = credentials.lent().ok_or_else(|| {
        Refusal::unreadable(
            "its catalog lends credentials of a store that is not read: S3, Azure and Google are",
        )
    })?;
    Ok(Lending { credentials, lasts })
}

impl Credentials {
    fn lent(self) -> Option<Lent> {
        if let Some(AwsKeys { access_key_id, secret_access_key, session_token }) = self.aws_temp_credentials {
            return Some(Lent::S3 { key_id: access_key_id, secret_key: secret_access_key, session_token });
        }
        if let Some(AzureSignature { sas_token }) = self.azure_user_delegation_sas {
            return Some(Lent::AzureSignature(sas_token));
        }
        if let Some(AzureToken { aad_token }) = self.azure_aad {
            return Some(Lent::AzureToken(aad_token));
        }
        self.gcp_oauth_token.map(|GoogleToken { oauth_token }| Lent::GoogleToken(oauth_token))
    }
}

#[async_trait]
impl Lender for CatalogLender {
    async fn lend(&self) -> Result<Lending, String> {
        if let Some(first) = self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Ok(first);
        }
        let lent = ask(&self.workspace, &self.table_id).await;
        lent.map_err(|refusal| format!("its catalog lends no credentials: {refusal}"))
    }
}
