//! Names of the files in a zip archive, which may be in the encoding of the computer
//! that made it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// Decodes the names of an archive, all in one encoding, and puts `/` between folders
/// where Windows wrote a backslash.
pub fn decode(names: &[Vec<u8>]) -> Vec<String> {
    let encoding = guess(names);
    let decode = |name: &Vec<u8>| {
        let name = match str::from_utf8(name) {
            Ok(name) => name.to_owned(),
            Err(_) => encoding.decode_without_bom_handling(name).0.into_owned(),
        };
        name.replace('\\', "/")
    };
    names.iter().map(decode).collect()
}

/// The encoding that the names are in which are no UTF-8.
fn guess(names: &[Vec<u8>]) -> &'static Encoding {
    let foreign = || names.iter().filter(|name| str::from_utf8(name).is_err());
    if foreign().next().is_none() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for name in foreign() {
        // Folders alone: endings are Latin letters everywhere.
        for part in name
            .split(|byte| *byte == b'/')
            .filter(|part| !part.is_ascii())
        {
            detector.feed(part, false);
            detector.feed(b"\n", false);
        }
    }
    detector.feed(b"", true);
    detector.guess(None, Utf8Detection::Deny)
}
