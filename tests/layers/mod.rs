//! Both engines = reference, over awkward shapes: size 1, primes, tile +/- 1, stride 4
//! with padding 2, overlapping pools, groups, batch 1 and more, and on the GPU grids of
//! more than one row. Each file has the table of one layer.

mod activation;
mod add;
mod avg_pool2d;
mod concat;
mod conv2d;
mod dropout;
mod flatten;
mod linear;
mod local_response_norm;
mod max_pool2d;
mod multiply;
mod rearrange;
mod softmax;

use alexnet_live::engine::Device;
use alexnet_live::layers::{Activation, Layer};
use alexnet_live::network::Network;
use alexnet_live::plan::{Plan, Storage, Target};
use alexnet_live::shape::Shape;

use crate::reference::{self, Tensor};
use crate::support::{PRESETS, assert_close, engines, gpu, infer, stored, target};

/// A line of a table: a layer, the samples computed at once, and the shapes of
/// its inputs without the batch.
type Case<'a> = (Layer, usize, &'a [&'a [usize]]);

/// Elements of a tensor that one row of workgroups cannot cover, even if each of
/// their 64 lanes computes four.
const TWO_ROWS: usize = 65_535 * 64 * 4 + 4;

/// Holds every case against the reference, on both engines. For layers whose kernels
/// have no block sizes: one preset is as good as another.
fn assert_forward_equals_reference(cases: &[Case]) {
    assert_scaled_forward_equals_reference(cases, 1.0);
}

/// The same with inputs between `-scale` and `scale`.
fn assert_scaled_forward_equals_reference(cases: &[Case], scale: f64) {
    let variant = Variant {
        scale,
        ..Variant::default()
    };
    for (device, targets) in engines() {
        for case in cases {
            assert_case(&device, case, targets[0], variant);
        }
    }
}

/// Holds a case that takes more than one row of workgroups against the reference, on the
/// GPU, since the processor has none.
fn assert_second_row_equals_reference(case: &Case) {
    assert_case(&gpu(), case, target(PRESETS[0]), Variant::default());
}

/// How a case is computed.
#[derive(Debug, Clone, Copy)]
struct Variant {
    /// Inputs are between `-scale` and `scale`.
    scale: f64,
    /// The weights are such as this can hold.
    storage: Storage,
    /// Fused behind the layer.
    activation: Option<Activation>,
}

impl Default for Variant {
    fn default() -> Self {
        Self {
            scale: 1.0,
            storage: Storage::F32,
            activation: None,
        }
    }
}

/// Holds one case against the reference.
fn assert_case(device: &Device, (layer, batch, shapes): &Case, target: Target, variant: Variant) {
    let Variant { storage, .. } = variant;
    let mut network = Network::empty("one layer");
    let mut ids = Vec::new();
    let mut inputs = Vec::new();
    for (shape, seed) in shapes.iter().zip(1..) {
        let name = format!("input {seed}");
        ids.push(
            network
                .input(&name, Shape(shape.to_vec()))
                .expect("a new name"),
        );
        let random = Tensor::random(seed, &[&[*batch], *shape].concat());
        inputs.push(random.map(|value| value * variant.scale));
    }
    let id = network
        .add("layer", layer.clone(), &ids)
        .expect("a valid layer");
    if let Some(activation) = variant.activation {
        network.then("activation", activation).expect("valid");
    }
    let names = network.parameters(id);
    let mut parameters = Vec::new();
    for ((_, parameter), seed) in names.iter().zip(100..) {
        let mut values = Tensor::random(seed, &parameter.shape.0);
        if parameter.role == "weight" {
            for value in &mut values.values {
                *value = stored(storage, *value as f32).into();
            }
        }
        parameters.push(values);
    }
    let plan = Plan::inference(&network, *batch, target, |_| storage).expect("it fits");
    let values = |name: &str| {
        let position = names.iter().position(|(known, _)| known == name);
        parameters[position.expect("a parameter of the layer")].narrow()
    };
    let narrow: Vec<_> = inputs.iter().map(Tensor::narrow).collect();
    let y = infer(device, &network, &plan, values, &narrow);
    let mut expected = reference::forward(layer, &inputs, &parameters);
    if let Some(activation) = variant.activation {
        expected = reference::forward(&activation.into(), &[expected], &[]);
    }
    let name = format!("{layer:?}, batch {batch}, inputs {shapes:?}, {target:?}, {variant:?}");
    assert_close(&name, &y[0], &expected.values, 1e-5);
}

/// Holds a layer without parameters against the reference for numbers that need not be
/// finite.
fn assert_numbers_equal_reference(layer: &Layer, shape: &[usize], x: &[f32]) {
    let tensor = Tensor {
        shape: [&[1], shape].concat(),
        values: x.iter().copied().map(f64::from).collect(),
    };
    let expected = reference::forward(layer, &[tensor], &[]).narrow();
    let mut network = Network::empty("one layer");
    network
        .input("input", Shape(shape.to_vec()))
        .expect("a name");
    network.then("layer", layer.clone()).expect("valid");
    for (device, targets) in engines() {
        let plan = Plan::inference(&network, 1, targets[0], |_| Storage::F32).expect("it fits");
        let none = |_: &str| unreachable!("it has no parameters");
        let y = infer(&device, &network, &plan, none, &[x.to_vec()]).remove(0);
        assert_eq!(y.len(), expected.len());
        for (index, (found, expected)) in y.iter().zip(&expected).enumerate() {
            let name = &device.summary().name;
            let same = found == expected
                || (found.is_nan() && expected.is_nan())
                || (found - expected).abs() <= 1e-6;
            assert!(
                same,
                "{layer:?} on {name}: {index} is {found}, not {expected}"
            );
        }
    }
}

/// NaN of either sign.
const NANS: [f32; 2] = [f32::NAN, -f32::NAN];
