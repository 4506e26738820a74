use alexnet_live::layers::Linear;
use alexnet_live::network::Network;
use alexnet_live::plan::{Plan, Preset, Storage, Target};

use crate::reference;
use crate::support::{assert_close, device, infer, random, stored, target, widen};

/// `(samples, inputs, outputs)` around the tiles of both presets: 1, 4 or 8
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
    let device = device();
    for (batch, inputs, outputs) in CASES {
        for storage in [Storage::F32, Storage::F16, Storage::Codes4] {
            let mut network = Network::new("linear", [inputs]);
            let bias = outputs != 31;
            let layer = Linear {
                bias,
                ..Linear::new(outputs)
            };
            network.then("fc", layer).expect("valid");
            let x = random(1, batch * inputs);
            let weight: Vec<f32> = random(2, inputs * outputs)
                .into_iter()
                .map(|number| stored(storage, number))
                .collect();
            let bias = random(3, if bias { outputs } else { 0 });
            let values = |name: &str| match name {
                "fc.weight" => weight.clone(),
                _ => bias.clone(),
            };
            let expected =
                reference::linear::forward(batch, &widen(&x), &widen(&weight), &widen(&bias));
            // 100 x 200 in three chunks of f32, the last one smaller.
            let small = Target {
                max_binding_bytes: 30_000,
                ..target(Preset::CPU)
            };
            for target in [target(Preset::CPU), target(Preset::GPU), small] {
                let plan = Plan::inference(&network, batch, target, |_| storage).expect("it fits");
                let y = infer(&device, &network, &plan, values, std::slice::from_ref(&x));
                let name = format!("{batch} x {inputs} x {outputs} {storage:?} {target:?}");
                assert_close(&name, &y[0], &expected, 1e-5);
            }
        }
    }
}
