//! Gathers the rows of a result: of the answer itself, or of the files that it has links to.

use super::answers::{Chunk, Link, StatementAnswer};
use super::statements::{IsCancelled, STATEMENTS, Warehouse, call, failed};
use crate::engine::sql::{Cell, SessionError};
use crate::source::databricks::Workspace;
use crate::source::store::Request;

type Rows = Vec<Vec<Cell>>;

/// How often a link is asked for anew that has expired.
const ANEW: usize = 3;

impl Warehouse {
    /// Returns all rows of a statement that has succeeded.
    ///
    /// # Errors
    /// Some cannot be fetched, or are missing.
    pub(super) fn rows(
        &self,
        answer: StatementAnswer,
        is_cancelled: IsCancelled<'_>,
    ) -> Result<Rows, SessionError> {
        let incomplete = |message: String| SessionError::Statement { message };
        let manifest = answer.manifest.unwrap_or_default();
        if manifest.truncated {
            return Err(incomplete("the warehouse cut off its result (manifest.truncated)".to_owned()));
        }
        let mut rows = Rows::new();
        let mut chunk = answer.result.unwrap_or_default();
        loop {
            let next = chunk.next();
            rows.append(&mut chunk.data_array);
            for link in chunk.external_links {
                rows.append(&mut self.linked(&answer.statement_id, link, is_cancelled)?);
            }
            match next {
                Some(index) => chunk = self.chunk(&answer.statement_id, index, is_cancelled)?,
                None => break,
            }
        }
        let found = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        match manifest.total_row_count.filter(|all| *all != found) {
            Some(all) => Err(incomplete(format!("its result has {all} rows, and {found} came"))),
            None => Ok(rows),
        }
    }

    /// Returns a chunk of a result by its index.
    fn chunk(&self, id: &str, index: u64, is_cancelled: IsCancelled<'_>) -> Result<Chunk, SessionError> {
        let (workspace, id, index) = (self.workspace.clone(), id.to_owned(), index.to_string());
        let asked = async move {
            let path = [&STATEMENTS[..], &[&id, "result", "chunks", &index]].concat();
            workspace.get::<Chunk>(&path).await
        };
        call(asked, is_cancelled)?.map_err(|refusal| failed(&refusal))
    }

    /// Returns the rows that lie at a link, or at another one for the same chunk if it has expired.
    fn linked(&self, id: &str, link: Link, is_cancelled: IsCancelled<'_>) -> Result<Rows, SessionError> {
        let (mut link, mut tried) = (link, 0);
        loop {
            let (workspace, index) = (self.workspace.clone(), link.chunk_index);
            match call(async move { followed(&workspace, link).await }, is_cancelled)? {
                Ok(rows) => return Ok(rows),
                Err(Unfollowed::Expired(_)) if tried < ANEW => {
                    tried += 1;
                    let links = self.chunk(id, index, is_cancelled)?.external_links;
                    let same = links.into_iter().find(|link| link.chunk_index == index);
                    let gone = || SessionError::Lost { message: "a part of its result is gone".to_owned() };
                    link = same.ok_or_else(gone)?;
                }
                Err(Unfollowed::Expired(status)) => {
                    let message =
                        format!("the store of a result answered {status} to {} links to it", tried + 1);
                    return Err(SessionError::Lost { message });
                }
                Err(Unfollowed::Lost(reason)) => {
                    return Err(SessionError::Lost {
                        message: format!("a part of its result cannot be read: {reason}"),
                    });
                }
            }
        }
    }
}

/// Why no rows were found at a link.
enum Unfollowed {
    /// Its time is over, as stores answer then.
    Expired(u16),
    Lost(String),
}

/// Returns the rows at a link. Its store knows nothing of the workspace: it is shown no token, but the headers that belong to the
/// link.
async fn followed(workspace: &Workspace, link: Link) -> Result<Rows, Unfollowed> {
    let lost = |reason: &str| Unfollowed::Lost(reason.to_owned());
    let url = url::Url::parse(&link.external_link).map_err(|_| lost("its link is no URL"))?;
    let mut request = Request::get(url);
    for (name, value) in &link.http_headers {
        request = request.with(name, value).map_err(Unfollowed::Lost)?;
    }
    let answer = workspace.service().ask(&request).await.map_err(Unfollowed::Lost)?;
    match answer.status {
        200 => serde_json::from_slice(&answer.body).map_err(|_| lost("it holds no rows as JSON")),
        status @ (400 | 401 | 403 | 404 | 410) => Err(Unfollowed::Expired(status)),
        status => Err(Unfollowed::Lost(format!("its store answered {status}"))),
    }
}
