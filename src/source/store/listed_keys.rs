//! Marks the keys in a listing that the client of the stores considers invalid: those with a part that is
//! empty, `.` or `..`. Without the mark, the client would refuse the whole listing for one of these keys,
//! even if nobody asks for that key.

use bytes::Bytes;

/// The mark in front of an invalid part: a character for private use, which occurs in no other key.
const MARK: char = '\u{E000}';
const MARKED: &str = "\u{E000}";

/// The XML elements that hold keys in the listings of S3 and Google, and of Azure.
const ELEMENTS: [(&str, &str); 2] = [("<Key>", "</Key>"), ("<Name>", "</Name>")];

/// Returns a listing in which the client accepts each key.
pub(super) fn with_parts(listing: Bytes) -> Bytes {
    let Ok(text) = std::str::from_utf8(&listing) else { return listing };
    let mut parted = String::new();
    let mut rest = text;
    while let Some((start, (open, close))) = next(rest) {
        let start = start + open.len();
        let Some(length) = rest[start..].find(close) else { break };
        let key = &rest[start..start + length];
        if is_odd(key) {
            parted.push_str(&rest[..start]);
            parted.push_str(&marked(key));
        } else {
            parted.push_str(&rest[..start + length]);
        }
        rest = &rest[start + length..];
    }
    if parted.len() + rest.len() == text.len() {
        return listing;
    }
    parted.push_str(rest);
    parted.into()
}

fn next(text: &str) -> Option<(usize, (&'static str, &'static str))> {
    let found = ELEMENTS.into_iter().filter_map(|element| Some((text.find(element.0)?, element)));
    found.min_by_key(|(start, _)| *start)
}

/// Returns the original of a marked key, which cannot be requested; `None` for a key without a mark.
pub(super) fn unmarked(key: &str) -> Option<String> {
    key.contains(MARK).then(|| key.replace(MARK, ""))
}

/// Splits a key into parts. A trailing slash denotes a folder and starts no empty part.
fn parts(key: &str) -> impl Iterator<Item = &str> {
    key.strip_suffix('/').unwrap_or(key).split('/')
}

fn is_odd_part(part: &str) -> bool {
    matches!(part, "" | "." | "..")
}

fn is_odd(key: &str) -> bool {
    !key.is_empty() && key != "/" && parts(key).any(is_odd_part)
}

fn marked(key: &str) -> String {
    let parts =
        parts(key).map(|part| if is_odd_part(part) { format!("{MARKED}{part}") } else { part.to_owned() });
    let end = if key.ends_with('/') { "/" } else { "" };
    parts.collect::<Vec<_>>().join("/") + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_keys_are_marked_and_told_as_they_are() {
        let listing = |keys: [&str; 3]| {
            let keys = keys.map(|key| format!("<Contents><Key>{key}</Key><Size>1</Size></Contents>"));
            format!("<R><Name>lake</Name>{}</R>", keys.concat())
        };
        let plain = listing(["a/b.parquet", "größe/", "a&amp;b"]);
        assert_eq!(with_parts(plain.clone().into()), plain);
        for odd in ["a//b.parquet", "//a", "/a/b", "a/./b", "../b", "a//"] {
            let marked_listing = with_parts(listing(["a/b", odd, "c"]).into());
            let marked_listing = String::from_utf8(marked_listing.to_vec()).unwrap();
            assert_eq!(unmarked(&marked_listing).unwrap(), listing(["a/b", odd, "c"]), "{odd}");
            let key = marked_listing.split("<Key>").nth(2).unwrap().split("</Key>").next().unwrap();
            object_store::path::Path::parse(key).unwrap();
        }
        assert_eq!(unmarked("a/b"), None);
        // A truncated element stays as it is.
        let cut = "<R><Key>a//b";
        assert_eq!(with_parts(cut.into()), cut);
    }
}
