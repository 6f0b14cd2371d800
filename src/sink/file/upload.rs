//! Sends an object to a store, in parts if it is large.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use object_store::path::Path as Key;
use object_store::{
    Error as StoreError, MultipartUpload, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions,
};

use super::uncommitted::{Parts, Uncommitted};
use crate::source::store::{Running, begin, wait_for};

/// The bytes of a part. Some stores want all but the last to be of one size.
const PART: usize = 16 << 20;
/// After so many parts, larger ones are sent: there may be 10,000.
const EQUAL_PARTS: usize = 5_000;
const LATE_PART: usize = 128 << 20;
/// The parts that are under way at most.
const MOST_AT_ONCE: usize = 4;

/// An object that is being sent. Nobody sees it before it is complete; dropped before that, what was sent is deleted.
pub(crate) struct Upload {
    store: Arc<dyn ObjectStore>,
    key: Key,
    buffer: Vec<u8>,
    /// The upload in parts, once there are as many bytes.
    parts: Option<(Parts, Uncommitted)>,
    sent: usize,
    under_way: VecDeque<Running<Result<(), StoreError>>>,
}

impl Upload {
    pub(crate) fn begin(store: Arc<dyn ObjectStore>, key: Key) -> Self {
        Self { store, key, buffer: Vec::new(), parts: None, sent: 0, under_way: VecDeque::new() }
    }

    /// Takes bytes, and sends them once there are enough.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.buffer.extend_from_slice(bytes);
        let size = if self.sent < EQUAL_PARTS { PART } else { LATE_PART };
        while self.buffer.len() >= size {
            let rest = self.buffer.split_off(size);
            let part = std::mem::replace(&mut self.buffer, rest);
            self.send(part)?;
        }
        Ok(())
    }

    fn send(&mut self, part: Vec<u8>) -> Result<(), StoreError> {
        let (parts, _) = match &mut self.parts {
            Some(parts) => parts,
            none => {
                let (store, key) = (self.store.clone(), self.key.clone());
                let begun = waited(wait_for(async move { store.put_multipart(&key).await }))?;
                let begun: Parts = Arc::new(Mutex::new(Some(begun)));
                none.insert((begun.clone(), Uncommitted::parts(begun)))
            }
        };
        let part = parts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_mut()
            .map(|parts| parts.put_part(part.into()));
        let part = part.ok_or_else(|| broken("it was given up".to_owned()))?;
        self.sent += 1;
        self.under_way.push_back(begin(part).map_err(broken)?);
        while self.under_way.len() > MOST_AT_ONCE {
            self.wait_for_one()?;
        }
        Ok(())
    }

    fn wait_for_one(&mut self) -> Result<(), StoreError> {
        self.under_way.pop_front().map_or(Ok(()), |running| waited(running.wait()))
    }

    /// Sends what is left and makes the object visible. With `anew`, only if there is none of its name.
    pub(crate) fn complete(mut self, anew: bool) -> Result<(), StoreError> {
        let rest = std::mem::take(&mut self.buffer);
        if self.parts.is_none() {
            let (store, key) = (self.store.clone(), self.key.clone());
            let mode = if anew { PutMode::Create } else { PutMode::Overwrite };
            let options = PutOptions { mode, ..PutOptions::default() };
            return waited(wait_for(async move { store.put_opts(&key, rest.into(), options).await }))
                .map(drop);
        }
        if !rest.is_empty() {
            self.send(rest)?;
        }
        while !self.under_way.is_empty() {
            self.wait_for_one()?;
        }
        let Some((parts, uncommitted)) = self.parts.take() else { return Ok(()) };
        uncommitted.hold();
        let taken = parts.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut upload = taken.ok_or_else(|| broken("it was given up".to_owned()))?;
        let done = wait_for(async move {
            let done = upload.complete().await;
            (upload, done)
        });
        let (upload, done) = done.map_err(broken)?;
        if done.is_err() {
            // Given back, it is given up.
            *parts.lock().unwrap_or_else(PoisonError::into_inner) = Some(upload);
        }
        done.map(drop)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // What is under way would arrive after the rest is deleted.
        while let Some(running) = self.under_way.pop_front() {
            let _ = running.wait();
        }
    }
}

fn waited<T>(done: Result<Result<T, StoreError>, String>) -> Result<T, StoreError> {
    done.map_err(broken)?
}

fn broken(reason: String) -> StoreError {
    StoreError::Generic { store: "upload", source: reason.into() }
}
