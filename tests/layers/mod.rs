//! GPU = reference, over awkward shapes: size 1, primes, tile +/- 1, stride 4
//! with padding 2, overlapping pools, groups, batch 1 and more. Each file has
//! the table of one layer.

mod conv2d;
mod linear;

use alexnet_live::gpu::Device;
use alexnet_live::layers::{Activation, Layer};
use alexnet_live::network::Network;
use alexnet_live::plan::{Plan, Storage, Target};
use alexnet_live::shape::Shape;

use crate::reference::{self, Tensor};
use crate::support::{PRESETS, assert_close, device, infer, stored, target};

/// A line of a table: a layer, the samples computed at once, and the shapes of
/// its inputs without the batch.
type Case<'a> = (Layer, usize, &'a [&'a [usize]]);

/// Holds every case against the reference, with both presets.
fn assert_forward_equals_reference(cases: &[Case]) {
    let device = device();
    for case in cases {
        for preset in PRESETS {
            assert_case(&device, case, target(preset), Storage::F32, None);
        }
    }
}

/// Holds one case against the reference, its weights as `storage` can hold them,
/// with an activation fused behind it.
fn assert_case(
    device: &Device,
    (layer, batch, shapes): &Case,
    target: Target,
    storage: Storage,
    activation: Option<Activation>,
) {
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
        inputs.push(Tensor::random(seed, &[&[*batch], *shape].concat()));
    }
    let id = network
        .add("layer", layer.clone(), &ids)
        .expect("a valid layer");
    if let Some(activation) = activation {
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
    if let Some(activation) = activation {
        expected = reference::forward(&activation.into(), &[expected], &[]);
    }
    let name = format!("{layer:?}, batch {batch}, inputs {shapes:?}, {target:?}, {storage:?}");
    assert_close(&name, &y[0], &expected.values, 1e-5);
}
