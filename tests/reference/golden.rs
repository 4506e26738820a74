//! Reference = PyTorch, forward and backward, for the cases in
//! `tests/golden/layers/*.json` (made by `tests/golden/layers.py`).

use alexnet_live::layers::Layer;
use serde::Deserialize;

use super::{Gradients, Tensor, backward, dropout, forward};

/// One run of a layer in PyTorch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub layer: Layer,
    pub inputs: Vec<Tensor>,
    pub parameters: Vec<Tensor>,
    pub dy: Tensor,
    pub y: Tensor,
    pub gradients: Gradients,
    /// Which neurons a dropout layer left on.
    pub mask: Option<Vec<bool>>,
}

/// The cases of all layers.
pub fn cases() -> Vec<Case> {
    macro_rules! files {
        ($($name:literal),*) => {
            [$(($name, include_str!(concat!("../golden/layers/", $name, ".json")))),*]
        };
    }
    let files = files!(
        "activation",
        "add",
        "avg_pool2d",
        "concat",
        "conv2d",
        "dropout",
        "flatten",
        "linear",
        "local_response_norm",
        "local_response_norm_within_map",
        "max_pool2d",
        "softmax"
    );
    let parse = |(name, json)| -> Vec<Case> {
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{name}.json: {error}"))
    };
    files.into_iter().flat_map(parse).collect()
}

#[test]
fn forward_equals_pytorch() {
    for case in cases() {
        let y = match (&case.layer, &case.mask) {
            (Layer::Dropout(layer), Some(mask)) => dropout::forward(layer, &case.inputs[0], mask),
            (layer, _) => forward(layer, &case.inputs, &case.parameters),
        };
        assert_equal(&format!("{:?}", case.layer), &y, &case.y);
    }
}

#[test]
fn backward_equals_pytorch() {
    for case in cases() {
        let Gradients { inputs, parameters } = match (&case.layer, &case.mask) {
            (Layer::Dropout(layer), Some(mask)) => dropout::backward(layer, mask, &case.dy),
            (layer, _) => backward(layer, &case.inputs, &case.parameters, &case.dy),
        };
        let expected = case
            .gradients
            .inputs
            .iter()
            .chain(&case.gradients.parameters);
        let found: Vec<_> = inputs.iter().chain(&parameters).collect();
        assert_eq!(found.len(), expected.clone().count(), "{:?}", case.layer);
        for (found, expected) in found.into_iter().zip(expected) {
            assert_equal(&format!("gradient of {:?}", case.layer), found, expected);
        }
    }
}

/// The files hold 14 digits.
fn assert_equal(name: &str, found: &Tensor, expected: &Tensor) {
    assert_eq!(found.shape, expected.shape, "{name}");
    for (found, expected) in found.values.iter().zip(&expected.values) {
        let tolerance = 1e-12 * expected.abs().max(1.0);
        assert!(
            (found - expected).abs() <= tolerance,
            "{name}: {found}, not {expected}"
        );
    }
}
