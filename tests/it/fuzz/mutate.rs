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
