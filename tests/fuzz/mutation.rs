//! Changes to files at random.

use arbitrary::Arbitrary;

/// One change to a file.
#[derive(Debug, Arbitrary)]
pub enum Mutation {
    /// Other bytes at a place.
    Overwrite { at: u32, with: u64, length: u8 },
    /// One bit turned.
    Flip { at: u32, bit: u8 },
    /// Bytes taken out.
    Remove { at: u32, length: u8 },
    /// Bytes put in between.
    Insert { at: u32, with: u64, length: u8 },
    /// A piece of the file copied to another place.
    Copy { from: u32, to: u32, length: u8 },
    /// The rest cut off.
    Cut { at: u32 },
    /// A little-endian number at a place raised or lowered.
    Adjust { at: u32, by: i8 },
}

impl Mutation {
    pub fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let size = bytes.len();
        let place = |at: u32| at as usize % size;
        let piece = |at: u32, length: u8| place(at)..size.min(place(at) + usize::from(length));
        match *self {
            Self::Overwrite { at, with, length } => {
                let target = piece(at, length % 9);
                let with = with.to_le_bytes();
                bytes[target.clone()].copy_from_slice(&with[..target.len()]);
            }
            Self::Flip { at, bit } => bytes[place(at)] ^= 1 << (bit % 8),
            Self::Remove { at, length } => drop(bytes.drain(piece(at, length))),
            Self::Insert { at, with, length } => {
                let with = with.to_le_bytes().repeat(32);
                let at = place(at);
                drop(bytes.splice(at..at, with[..length.into()].iter().copied()));
            }
            Self::Copy { from, to, length } => {
                let piece = bytes[piece(from, length)].to_vec();
                let to = place(to);
                drop(bytes.splice(to..to, piece));
            }
            Self::Cut { at } => bytes.truncate(place(at)),
            Self::Adjust { at, by } => {
                let at = place(at);
                bytes[at] = bytes[at].wrapping_add_signed(by);
            }
        }
    }
}
