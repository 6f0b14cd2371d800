//! Files whose bytes someone changed.
