//! What holds for every format: a file that is empty, cut short anywhere, or
//! longer than it says is an error.

use alexnet_live::error::Error;
use alexnet_live::models;

use super::{golden, refusal};

/// One small file of every format and layout.
pub const WHOLE: [&str; 5] = [
    "element_types.safetensors",
    "element_types.pth",
    "element_types_legacy.pth",
    "views.pth",
    "views_legacy.pth",
];

#[test]
fn cut_short_anywhere() {
    for name in WHOLE {
        let bytes = golden(name);
        for length in 0..bytes.len() {
            let error = refusal(&bytes[..length]);
            assert!(!error.to_string().is_empty(), "{name} cut to {length}");
        }
    }
}

#[test]
fn every_byte_damaged() {
    for name in WHOLE {
        let mut bytes = golden(name);
        for place in 0..bytes.len() {
            let byte = bytes[place];
            for other in [0, 0xff, byte ^ 1, byte ^ 0x80] {
                bytes[place] = other;
                // Damaged values cannot be told from others; a panic could.
                crate::fuzz::open_and_read(bytes.clone());
            }
            bytes[place] = byte;
        }
    }
}

#[test]
fn nothing_and_anything() {
    let empty = refusal(Vec::new()).to_string();
    assert!(empty.contains("starts with nothing"), "{empty}");
    let error = refusal(*b"GIF89a and so on and on");
    let Error::UnknownFormat { start, known } = *error else {
        panic!("{error}");
    };
    assert!(start.starts_with("47 49 46 38"), "{start}");
    assert!(known.iter().any(|format| format == "PyTorch"));
    assert!(models::open(vec![0; 100]).is_err());
    assert!(models::open(vec![0xff; 100]).is_err());
}
