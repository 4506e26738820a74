use alexnet_live::engine::{Device, DeviceOptions, Engine};
use alexnet_live::layers::{Activation, Linear};
use alexnet_live::network::Network;
use alexnet_live::plan::{Plan, Storage, Target};
use alexnet_live::shape::Shape;

use super::{Variant, assert_case};
use crate::support::{PRESETS, assert_close, engines, f32_storage, infer, random, target};

/// `(samples, inputs, outputs)` around the tiles and vectors of all presets: 1, 4 or 8
/// samples, 4 or 8 outputs, blocks of 32 and 64, 16 slices of four inputs.
const CASES: [(usize, usize, usize); 8] = [
    (1, 1, 1),
    (2, 37, 10),
    (3, 64, 65),
    (1, 100, 200),
    (1, 67, 31),
    (5, 68, 33),
    (8, 60, 4),
    (9, 3, 64),
];

#[test]
fn forward_equals_the_reference_in_every_storage_and_split_into_chunks() {
    for (device, targets) in engines() {
        // 100 x 200 in three chunks of f32 or more, the last one smaller.
        let small = Target {
            max_binding_bytes: 30_000,
            ..targets[0]
        };
        for (batch, inputs, outputs) in CASES {
            for storage in [Storage::F32, Storage::F16, Storage::Codes4] {
                let layer = Linear {
                    bias: outputs != 31,
                    ..Linear::new(outputs)
                };
                let shape: &[usize] = &[inputs];
                let case = (layer.into(), batch, &[shape][..]);
                let variant = Variant {
                    storage,
                    ..Variant::default()
                };
                for target in targets.iter().chain([&small]) {
                    assert_case(&device, &case, *target, variant);
                }
            }
        }
    }
}

/// The 151 MB of AlexNet's fc6 on a device that binds 128 MiB, whatever the
/// adapter offers: the outputs around the chunks' edges against sums in f64.
#[test]
fn fc6_of_alexnet_at_webgpus_default_limits() {
    const INPUTS: usize = 9216;
    const OUTPUTS: usize = 4096;
    let options = DeviceOptions {
        default_limits: true,
        ..DeviceOptions::on(Engine::Gpu)
    };
    let device = pollster::block_on(Device::open(options)).expect("a Vulkan driver");
    let limits = device.summary();
    assert_eq!(limits.max_binding_bytes, 128 << 20);
    assert_eq!(limits.max_buffer_bytes, 256 << 20);

    let mut network = Network::empty("fc6");
    let shape = Shape::vector(INPUTS);
    network.input("pool5", shape).expect("a name");
    network.then("fc6", Linear::new(OUTPUTS)).expect("valid");
    network.then("relu6", Activation::Relu).expect("valid");
    let inputs = [random(1, INPUTS)];
    let x = &inputs[0];
    let weight = random(2, OUTPUTS * INPUTS);
    let bias = random(3, OUTPUTS);
    let parameters = |name: &str| match name {
        "fc6.weight" => weight.clone(),
        _ => bias.clone(),
    };
    for preset in PRESETS {
        let plan = Plan::inference(&network, 1, target(preset), f32_storage).expect("it fits");
        let chunks = plan.parameters[0].each();
        assert_eq!(chunks.len(), 2);
        let y = infer(&device, &network, &plan, parameters, &inputs).remove(0);
        let edges = chunks.iter().flat_map(|chunk| {
            let range = &chunk.outputs;
            [range.start, range.start + 1, range.end - 2, range.end - 1]
        });
        let looked_at: Vec<usize> = edges.chain((0..OUTPUTS).step_by(97)).collect();
        let found: Vec<f32> = looked_at.iter().map(|output| y[*output]).collect();
        let sum = |output: &usize| {
            let row = &weight[output * INPUTS..][..INPUTS];
            let products = row
                .iter()
                .zip(x)
                .map(|(w, x)| f64::from(*w) * f64::from(*x));
            (f64::from(bias[*output]) + products.sum::<f64>()).max(0.0)
        };
        let expected: Vec<f64> = looked_at.iter().map(sum).collect();
        assert!(expected.iter().filter(|sum| **sum > 0.0).count() > 10);
        assert_close(preset.name, &found, &expected, 1e-5);
    }
}
