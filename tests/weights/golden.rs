//! Every format against the values that PyTorch printed
//! (`tests/golden/weights.py`).

use std::collections::BTreeMap;

use alexnet_live::weights::{Encoding, FileSource, Format, Tensor, WeightsFile};
use half::f16;
use serde::Deserialize;

use super::{golden, golden_path};

#[derive(Deserialize)]
struct Expected {
    shape: Vec<usize>,
    values: Vec<f32>,
}

/// Compares all tensors, and every range of every tensor.
fn compare(file: &WeightsFile, expected: &str) {
    let expected: BTreeMap<String, Expected> =
        serde_json::from_slice(&golden(expected)).expect("the script writes JSON");
    assert!(!expected.is_empty());
    for (name, Expected { shape, values }) in &expected {
        let tensor = file.find(name).unwrap();
        assert_eq!(tensor.shape.0, *shape, "{name}");
        for start in 0..=values.len() {
            for end in start..=values.len() {
                let range = start..end;
                let read = file.read_f32(tensor, range.clone()).unwrap();
                assert_eq!(read, values[range.clone()], "{name} {range:?}");
            }
        }
        let halves: Vec<f16> = values.iter().map(|value| f16::from_f32(*value)).collect();
        assert_eq!(
            file.read_f16(tensor, 0..values.len()).unwrap(),
            halves,
            "{name}"
        );
    }
}

fn encoding<'f>(file: &'f WeightsFile, name: &str) -> (&'f Tensor, Encoding) {
    let tensor = file.find(name).unwrap();
    (tensor, tensor.encoding())
}

#[test]
fn every_element_type_in_every_format() {
    for (name, format) in [
        ("element_types.safetensors", Format::Safetensors),
        ("element_types.pth", Format::PyTorch),
        ("element_types_legacy.pth", Format::PyTorch),
    ] {
        let file = WeightsFile::open(FileSource::open(golden_path(name)).unwrap()).unwrap();
        assert_eq!(file.format(), format);
        compare(&file, "element_types.json");
        assert_eq!(encoding(&file, "features.0.weight").1, Encoding::F32);
        assert_eq!(encoding(&file, "features.0.bias").1, Encoding::F16);
        assert_eq!(encoding(&file, "classifier.weight").1, Encoding::Bf16);
        let (double, encoding) = encoding(&file, "double");
        assert_eq!(encoding, Encoding::F32);
        assert_eq!(file.read_f32(double, 0..1).unwrap(), [1.0]);
        let counter = "features.1.num_batches_tracked";
        let (tensor, encoding) = self::encoding(&file, counter);
        assert!(matches!(encoding, Encoding::Other(_)), "{encoding:?}");
        let error = file.read_f32(tensor, 0..1).unwrap_err();
        assert!(error.to_string().contains(counter), "{error}");
    }
}

#[test]
fn pytorch_keeps_the_order_of_the_dictionary() {
    for name in ["element_types.pth", "element_types_legacy.pth"] {
        let file = WeightsFile::open(golden(name)).unwrap();
        let names: Vec<&str> = file.tensors().iter().map(|t| &t.name[..]).collect();
        assert_eq!(
            names[..3],
            ["features.0.weight", "features.0.bias", "classifier.weight"]
        );
    }
}

#[test]
fn views_of_shared_and_permuted_storages_in_a_checkpoint() {
    for name in ["views.pth", "views_legacy.pth"] {
        let file = WeightsFile::open(golden(name)).unwrap();
        compare(&file, "views.json");
        assert_eq!(
            file.tensors().len(),
            7,
            "the optimizer's tensors are not weights"
        );
    }
}
