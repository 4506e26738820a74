//! The layout before PyTorch 1.6: a magic number, a protocol number, facts about
//! the machine, the object and the list of storage keys, each a pickle of its
//! own; then for every key an i64 count of elements and the elements.

use std::collections::HashMap;

use super::pickle::{self, Object, Pickle};
use super::{Catalogue, FORMAT, state_dict, unsupported};
use crate::error::Result;
use crate::weights::Source;
use crate::weights::reader::Reader;

/// The number 0x1950a86a20f9469cfc6c, as an opcode of a pickle.
const MAGIC: &[u8] = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

/// Version of this layout.
const PROTOCOL: i64 = 1001;

/// Whether these are the first bytes of such a file: the magic number, pickled with any
/// protocol. Those from 4 on put it into a frame.
pub fn detect(start: &[u8]) -> bool {
    match start {
        [0x80, _, 0x95, _, _, _, _, _, _, _, _, rest @ ..] => rest.starts_with(MAGIC),
        [0x80, _, rest @ ..] => rest.starts_with(MAGIC),
        _ => false,
    }
}

pub fn open(source: &dyn Source) -> Result<Catalogue> {
    let mut reader = Reader::new(source, FORMAT);
    pickle::load(&mut reader)?;
    match pickle::load(&mut reader)?.root() {
        Object::Integer(PROTOCOL) => {}
        _ => return Err(unsupported(format_args!("a layout other than {PROTOCOL}"))),
    }
    if !is_little_endian(&pickle::load(&mut reader)?) {
        return Err(unsupported("big-endian numbers"));
    }
    let object = pickle::load(&mut reader)?;
    let places = places(&mut reader, &object)?;
    state_dict::tensors(&object, |key| Ok(places.get(key).copied()))
}

fn is_little_endian(facts: &Pickle) -> bool {
    match facts.root() {
        Object::Dictionary(items) => items.iter().any(|(key, value)| {
            facts.text(*key) == Some("little_endian") && *facts.get(*value) == Object::Boolean(true)
        }),
        _ => false,
    }
}

/// Offset and length of every storage, by key.
fn places(reader: &mut Reader, object: &Pickle) -> Result<HashMap<String, (u64, u64)>> {
    let sizes: HashMap<&str, u64> = object
        .storages()
        .map(|storage| (storage.key.as_str(), storage.element.size()))
        .collect();
    let keys = pickle::load(reader)?;
    let Object::List(handles) = keys.root() else {
        return Err(reader.malformed("the list of its storages is missing"));
    };
    let mut places = HashMap::new();
    for handle in handles {
        let key = keys.text(*handle).unwrap_or_default();
        let Some(size) = sizes.get(key) else {
            return Err(reader.malformed(format_args!("no tensor uses its storage {key:?}")));
        };
        let elements = u64::from_le_bytes(reader.array()?);
        let length = elements.saturating_mul(*size);
        places.insert(key.to_owned(), (reader.position(), length));
        reader.skip(length)?;
    }
    Ok(places)
}
