//! Wraps the body of an answer: counts its bytes, and fails it when the server sends nothing for too long.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use object_store::client::{HttpError, HttpErrorKind, HttpResponseBody};
use tokio::time::{Instant, Sleep};

use super::retry::ReadTimeout;
use super::traffic::Traffic;

pub(super) struct TimedBody {
    inner: HttpResponseBody,
    read_timeout: Duration,
    /// The time at which the body has been silent for too long, counted only while a reader waits.
    deadline: Pin<Box<Sleep>>,
    is_awaited: bool,
    traffic: Arc<Traffic>,
}

impl TimedBody {
    pub(super) fn new(inner: HttpResponseBody, read_timeout: Duration, traffic: Arc<Traffic>) -> Self {
        Self {
            inner,
            read_timeout,
            deadline: Box::pin(tokio::time::sleep(read_timeout)),
            is_awaited: true,
            traffic,
        }
    }
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(context) {
            this.is_awaited = false;
            if let Some(bytes) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
                this.traffic.came(bytes.len());
            }
            return Poll::Ready(frame);
        }
        // The deadline must not count the time that the reader spent on the bytes before.
        if !this.is_awaited {
            this.is_awaited = true;
            this.deadline.as_mut().reset(Instant::now() + this.read_timeout);
        }
        this.deadline.as_mut().poll(context).map(|()| {
            let read_timeout = ReadTimeout(this.read_timeout);
            Some(Err(HttpError::new(HttpErrorKind::Timeout, read_timeout)))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
