//! Checks whether a message may be handed to the engine. The engine allocates what a message claims, so the
//! claims must be true, or at least bounded.

use arrow::ipc::{Buffer, FieldNode, Message, MessageHeader, RecordBatch};

/// The maximum number of rows in one batch: arrays of nulls take no bytes that could be counted.
const MOST_ROWS: i64 = 1 << 27;
/// The maximum number of bytes to which one batch may decompress.
const MOST_UNPACKED: u64 = 4 << 30;

/// Refuses a message whose buffers are not where it claims, or whose counts are too high.
pub(super) fn check(message: &Message<'_>, body: &[u8]) -> Result<(), String> {
    let batch = match message.header_type() {
        MessageHeader::Schema => return Ok(()),
        MessageHeader::RecordBatch => message.header_as_record_batch(),
        MessageHeader::DictionaryBatch => message.header_as_dictionary_batch().and_then(|batch| batch.data()),
        other => return Err(format!("a message of the kind {}", other.variant_name().unwrap_or("unknown"))),
    };
    let batch = batch.ok_or("a batch makes no sense")?;
    let nodes = batch.nodes().ok_or("a batch makes no sense")?;
    let counts = nodes.iter().map(FieldNode::length).chain([batch.length()]);
    for count in counts {
        if !(0..=MOST_ROWS).contains(&count) {
            return Err(format!("a batch of {count} rows or values"));
        }
    }
    if nodes.iter().any(|node| !(0..=node.length()).contains(&node.null_count())) {
        return Err("a batch with more nulls than values".to_owned());
    }
    buffers(&batch, body)
}

fn buffers(batch: &RecordBatch<'_>, body: &[u8]) -> Result<(), String> {
    let packed = batch.compression().is_some();
    let mut unpacked = 0_u64;
    for buffer in batch.buffers().ok_or("a batch makes no sense")? {
        let bytes = place(buffer, body).ok_or("a buffer lies outside of its batch")?;
        if packed && !bytes.is_empty() {
            let (length, _) = bytes.split_first_chunk::<8>().ok_or("a packed buffer without its length")?;
            // A length of -1 means that the buffer is not compressed.
            unpacked = unpacked.saturating_add(match i64::from_le_bytes(*length) {
                -1 => 0,
                length => u64::try_from(length).map_err(|_| "a negative length")?,
            });
        }
    }
    if unpacked > MOST_UNPACKED {
        return Err(format!("a batch that unpacks to {unpacked} bytes"));
    }
    Ok(())
}

fn place<'a>(buffer: &Buffer, body: &'a [u8]) -> Option<&'a [u8]> {
    let start = usize::try_from(buffer.offset()).ok()?;
    let length = usize::try_from(buffer.length()).ok()?;
    body.get(start..start.checked_add(length)?)
}
