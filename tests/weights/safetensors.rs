//! Safetensors files that are wrong in their own ways.

use alexnet_live::error::Error;

use super::{golden, refusal};

/// A file of this header and as many bytes of data.
fn with_header(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}

fn one(shape: &str, offsets: &str) -> String {
    format!(r#"{{"w":{{"dtype":"F32","shape":{shape},"data_offsets":{offsets}}}}}"#)
}

#[test]
fn a_header_longer_than_the_file() {
    let mut bytes = golden("element_types.safetensors");
    let found = bytes.len() as u64;
    bytes[..8].copy_from_slice(&0xffff_ffff_u64.to_le_bytes());
    let expected = 0xffff_ffff + 8;
    let format = "safetensors";
    assert_eq!(
        *refusal(bytes),
        Error::Truncated {
            format,
            expected,
            found
        }
    );
}

#[test]
fn headers_that_contradict_themselves() {
    for (header, data) in [
        ("{".to_owned(), 0),
        ("[".repeat(100_000), 0),
        (format!("{{\"a\":{}", "[".repeat(100_000)), 0),
        (one("[2]", "[0,4]"), 4),
        (one("[1]", "[4,8]"), 8),
        (one("[-1]", "[0,4]"), 4),
        (one("[1]", "[0,4]"), 5),
        (one("[1]", "[0,4]").replace("F32", "F33"), 4),
    ] {
        let error = refusal(with_header(&header, data));
        let refused = matches!(
            *error,
            Error::Malformed { .. } | Error::UnknownFormat { .. }
        );
        assert!(refused, "{header:.80}: {error}");
    }
}

#[test]
fn more_elements_than_can_be_addressed() {
    for shape in ["[0,4294967296]", "[4294967296,4294967296]"] {
        let error = refusal(with_header(&one(shape, "[0,0]"), 0));
        assert!(matches!(*error, Error::Unsupported { .. }), "{error}");
    }
}
