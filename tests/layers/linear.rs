use alexnet_live::layers::Linear;
use alexnet_live::network::Network;
use alexnet_live::plan::{Plan, Preset, Target};

use crate::reference;
use crate::support::{assert_close, device, f32_storage, infer, random, target};

#[test]
fn forward_equals_the_reference_also_when_the_weights_are_split() {
    let device = device();
    let widen = |values: &[f32]| -> Vec<f64> { values.iter().copied().map(f64::from).collect() };
    for (batch, inputs, outputs) in [(1, 1, 1), (2, 37, 10), (3, 64, 65), (1, 100, 200)] {
        let mut network = Network::new("linear", [inputs]);
        network.then("fc", Linear::new(outputs)).expect("valid");
        let x = random(1, batch * inputs);
        let weight = random(2, inputs * outputs);
        let bias = random(3, outputs);
        let values = |name: &str| match name {
            "fc.weight" => weight.clone(),
            _ => bias.clone(),
        };
        let expected =
            reference::linear::forward(batch, &widen(&x), &widen(&weight), &widen(&bias));
        let small = Target {
            max_binding_bytes: 30_000,
            ..target(Preset::CPU)
        };
        for target in [target(Preset::CPU), target(Preset::GPU), small] {
            let plan = Plan::inference(&network, batch, target, f32_storage).expect("it fits");
            let y = infer(&device, &network, &plan, values, std::slice::from_ref(&x));
            assert_close(&format!("{target:?}"), &y[0], &expected, 1e-5);
        }
    }
}
