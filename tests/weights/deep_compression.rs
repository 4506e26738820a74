//! Deep-compressed files against an independent decoder
//! (`tests/golden/deep_compression.py`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use alexnet_live::error::Error;
use alexnet_live::models;
use alexnet_live::weights::{Encoding, FileSource, Format};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{golden, refusal};

#[derive(Deserialize)]
struct Expected {
    shape: Vec<usize>,
    sha256: String,
}

/// Where the published SqueezeNet is, unless `SQUEEZENET_NET` names another place.
const SQUEEZENET: &str = "../shared/data/squeezenet-deep-compression/compressed_SqueezeNet.net";

/// The published SqueezeNet. Tests that need it are ignored, so that they are counted
/// where it is missing; `cargo xtask test` runs them where it is there.
pub fn published_squeezenet() -> PathBuf {
    let path = std::env::var_os("SQUEEZENET_NET").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join(SQUEEZENET),
        PathBuf::from,
    );
    assert!(
        path.exists(),
        "there is no {}: set SQUEEZENET_NET to compressed_SqueezeNet.net",
        path.display()
    );
    path
}

/// An AlexNet of seeded random codes, written once by the script beside the golden files.
pub fn written_alexnet() -> &'static Path {
    static WRITTEN: LazyLock<PathBuf> = LazyLock::new(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/deep_compression.py");
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alexnet.net");
        let status = Command::new("python3")
            .arg(script)
            .arg("write")
            .arg(&path)
            .status();
        let status = status.expect("python3 must be installed: it writes a file for this test");
        assert!(status.success());
        path
    });
    &WRITTEN
}

/// Reads every tensor in pieces and compares the hash of its values; all
/// together fit the registered model.
fn compare(path: &Path, model: &str, expected: &str) {
    let expected: BTreeMap<String, Expected> = serde_json::from_slice(&golden(expected)).unwrap();
    let file = models::open(FileSource::open(path).unwrap()).unwrap();
    assert_eq!(file.format(), Format::DeepCompression);
    file.check(&models::find(model).unwrap().network()).unwrap();
    assert_eq!(file.tensors().len(), expected.len());
    for (name, Expected { shape, sha256 }) in &expected {
        let tensor = file.find(name).unwrap();
        assert_eq!(tensor.shape.0, *shape, "{name}");
        let mut hasher = Sha256::new();
        for start in (0..tensor.elements()).step_by(1_000_003) {
            let end = tensor.elements().min(start + 1_000_003);
            let values = file.read_f32(tensor, start..end).unwrap();
            hasher.update(bytemuck::cast_slice::<f32, u8>(&values));
        }
        let found: String = hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(found, *sha256, "{name}");
    }
}

#[test]
#[ignore = "needs the published SqueezeNet: SQUEEZENET_NET"]
fn published_squeezenet_is_decoded_to_the_last_byte() {
    compare(
        &published_squeezenet(),
        "squeezenet-1.0",
        "squeezenet_net.json",
    );
}

#[test]
fn alexnet_from_an_independent_script() {
    let path = written_alexnet();
    compare(path, "alexnet", "alexnet_net.json");

    let file = models::open(FileSource::open(path).unwrap()).unwrap();
    let fc6 = file.find("fc6.weight").unwrap();
    assert_eq!(fc6.encoding(), Encoding::Codes { bits: 4 });
    let codebook = fc6.codebook().unwrap();
    assert_eq!(codebook.len(), 16);
    let rows = 9216 * 100..9216 * 103;
    let codes = file.read_codes(fc6, rows.clone()).unwrap();
    let values: Vec<f32> = codes.iter().map(|code| codebook[*code as usize]).collect();
    assert_eq!(values, file.read_f32(fc6, rows).unwrap());
    let bias = file.find("fc6.bias").unwrap();
    assert_eq!(bias.codebook(), None);
    let refused = file.read_codes(bias, 0..1).expect_err("it has none");
    assert!(matches!(*refused, Error::Unsupported { .. }));
}

/// A file of AlexNet's layers in which each has this many codes, all gaps alike.
pub fn alexnet_of(count: u32, gaps: u8) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..8).flat_map(|_| count.to_le_bytes()).collect();
    let outputs = [96, 256, 384, 384, 256, 4096, 4096, 1000];
    for (index, out) in outputs.into_iter().enumerate() {
        let bits = if index < 5 { 8 } else { 4 };
        bytes.extend(vec![0; 4 * ((1 << bits) + out)]);
        bytes.extend(vec![0x21; (count as usize * bits).div_ceil(8)]);
        bytes.extend(vec![gaps; count.div_ceil(2) as usize]);
    }
    bytes
}

#[test]
fn odd_counts_and_gaps() {
    let file = models::open(alexnet_of(3, 0x52)).unwrap();
    let fc8 = file.find("fc8.weight").unwrap();
    let codes = file.read_codes(fc8, 0..14).unwrap();
    assert_eq!(codes, [0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0]);
}

#[test]
fn lengths_that_do_not_fit() {
    let whole = alexnet_of(3, 0);
    let mut longer = whole.clone();
    longer.push(0);
    assert!(
        refusal(longer)
            .to_string()
            .contains("1 bytes are left over")
    );
    let expected = whole.len() as u64;
    for found in [32, 100, whole.len() - 1] {
        let error = refusal(&whole[..found]);
        let format = "deep-compressed";
        let found = found as u64;
        assert_eq!(
            *error,
            Error::Truncated {
                format,
                expected,
                found
            }
        );
    }
}

#[test]
fn codes_beyond_their_layer() {
    let error = refusal(alexnet_of(34_848, 0xff)).to_string();
    assert!(error.contains("conv1 reach element 557568"), "{error}");
}
