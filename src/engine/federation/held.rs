//! Data with the engine that opened it.

use std::any::Any;
use std::sync::Arc;

use crate::data::{Dialect, Doubts, Schema};
use crate::engine::{Engine, EngineError};
use crate::source::{Appended, Data, DataFiles, Details, Identity, Opened, SourceError, StorageOptions};

/// Opens each dataset by the engine of what holds it.
pub trait Opener: Send + Sync {
    /// Opens data, as [`Engine::open`] does.
    ///
    /// # Errors
    /// No engine is known for the data, or its engine cannot open it.
    fn open(&self, data: Data, storage: &StorageOptions, dialect: &Dialect) -> Result<Held, SourceError>;
}

/// One engine that opens everything.
impl Opener for Arc<dyn Engine> {
    fn open(&self, data: Data, storage: &StorageOptions, dialect: &Dialect) -> Result<Held, SourceError> {
        Ok(Held { opened: self.as_ref().open(data, storage, dialect)?, engine: Self::clone(self) })
    }
}

/// Data with the engine that opened it.
pub struct Held {
    /// The engine. Data that can be judged together has the very same one.
    pub engine: Arc<dyn Engine>,
    /// The data, as the engine opened it.
    pub opened: Box<dyn Opened>,
}

impl Held {
    /// Returns the data that was opened so.
    ///
    /// # Errors
    /// It was opened otherwise.
    pub(super) fn of(opened: &dyn Opened) -> Result<&Self, EngineError> {
        (opened as &dyn Any).downcast_ref().ok_or(EngineError::Foreign)
    }

    /// Returns whether an engine opened the data.
    pub(super) fn is_of(&self, engine: &Arc<dyn Engine>) -> bool {
        Arc::ptr_eq(&self.engine, engine)
    }
}

impl Opened for Held {
    fn identity(&self) -> &Identity {
        self.opened.identity()
    }

    fn schema(&self) -> &Schema {
        self.opened.schema()
    }

    fn show_as(&mut self, uri: String) {
        self.opened.show_as(uri);
    }

    fn details(&self) -> Result<Details, SourceError> {
        self.opened.details()
    }

    fn doubts(&self) -> Option<&Doubts> {
        self.opened.doubts()
    }

    fn files(&self) -> Option<&DataFiles> {
        self.opened.files()
    }

    fn appended(&self) -> Option<&Appended> {
        self.opened.appended()
    }
}
