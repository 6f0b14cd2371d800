//! Changes of bytes, drawn from a number.

/// A stream of numbers that looks random and is the same every time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Sixty-four bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another one; 0 below 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { usize::try_from(self.next() % end as u64).unwrap() }
    }

    /// One of some.
    pub fn of<'a, T>(&mut self, some: &'a [T]) -> &'a T {
        &some[self.below(some.len())]
    }
}

/// Bytes that are at the edge of something.
const EDGES: [u8; 12] = [0, 1, 2, 3, 7, 8, 0x0f, 0x7f, 0x80, 0x81, 0xfe, 0xff];

/// Changes some bytes, once to a few times.
pub fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) * random.below(2) {
        once(bytes, random);
    }
}

/// Changes a text once to a few times: bytes of it, or words and lines.
pub fn mutate_text(text: &mut Vec<u8>, random: &mut Random, tokens: &[&str]) {
    for _ in 0..=random.below(4) {
        match random.below(6) {
            0 => once(text, random),
            1..=3 => {
                let token = *random.of(tokens);
                let at = edge(text, random.below(text.len() + 1));
                // In the place of what stands there as often as before it.
                let end = if random.below(2) == 0 { at } else { edge(text, at + 1) };
                text.splice(at..end, token.bytes());
            }
            _ => lines(text, random),
        }
    }
}

/// Where a word begins or ends, from a place on.
fn edge(text: &[u8], from: usize) -> usize {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_edge = |at: &usize| is_word(text[at - 1]) != is_word(text[*at]);
    (from.max(1)..text.len()).find(is_edge).unwrap_or(text.len())
}

/// Moves, removes, repeats or indents a line.
fn lines(text: &mut Vec<u8>, random: &mut Random) {
    let mut lines: Vec<Vec<u8>> = text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return;
    }
    let (at, other) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(5) {
        0 => drop(lines.remove(at)),
        1 => lines.swap(at, other),
        2 => lines.insert(at, lines[other].clone()),
        3 => drop(lines[at].splice(..0, *b"  ")),
        _ => {
            let indentation = lines[at].len().min(2);
            lines[at].drain(..indentation);
        }
    }
    *text = lines.concat();
}

fn once(bytes: &mut Vec<u8>, random: &mut Random) {
    if bytes.is_empty() {
        return;
    }
    // What a file says of itself lies at its end.
    let near = bytes.len().saturating_sub(1 + random.below(bytes.len().min(1_500)));
    let at = if random.below(3) == 0 { near } else { random.below(bytes.len()) };
    let end = (at + 1 + random.below(9)).min(bytes.len());
    match random.below(12) {
        0..=3 => bytes[at] ^= 1 << random.below(8),
        4..=6 => bytes[at] = EDGES[random.below(EDGES.len())],
        7 => bytes[at] = bytes[at].wrapping_add([1, 0xff, 2, 0xfe][random.below(4)]),
        8 => bytes[at..end].fill(EDGES[random.below(EDGES.len())]),
        9 => {
            bytes.drain(at..end);
        }
        10 => {
            let from = random.below(bytes.len());
            let part = bytes[from..(from + (end - at)).min(bytes.len())].to_vec();
            bytes.splice(at..at, part);
        }
        _ => {
            let from = random.below(bytes.len());
            let part = bytes[from..(from + (end - at)).min(bytes.len())].to_vec();
            let end = at + part.len().min(bytes.len() - at);
            bytes[at..end].copy_from_slice(&part[..end - at]);
        }
    }
}
