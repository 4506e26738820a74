use alexnet_live::layers::Conv2d;
use alexnet_live::network::Network;
use alexnet_live::plan::Plan;

use crate::reference;
use crate::support::{PRESETS, assert_close, device, f32_storage, infer, random, target};

/// `(batch, [height, width, channels], layer)`.
fn cases() -> Vec<(usize, [usize; 3], Conv2d)> {
    let asymmetric = |mut layer: Conv2d, padding| {
        layer.window.padding = padding;
        layer
    };
    vec![
        (1, [1, 1, 1], Conv2d::new(1, 1)),
        (2, [7, 5, 3], Conv2d::new(5, 3).padding(1)),
        (1, [23, 19, 3], Conv2d::new(8, 11).stride(4).padding(2)),
        (3, [13, 13, 8], Conv2d::new(12, 5).padding(2).groups(2)),
        (1, [9, 9, 6], Conv2d::new(6, 3).padding(1).groups(6)),
        (2, [15, 14, 4], Conv2d::new(17, 1)),
        (1, [13, 14, 16], Conv2d::new(64, 3).padding(1)),
        (1, [8, 9, 5], asymmetric(Conv2d::new(3, 3), [0, 1, 2, 0])),
    ]
}

#[test]
fn forward_equals_the_reference() {
    let device = device();
    for (batch, shape, layer) in cases() {
        let mut network = Network::new("conv2d", shape);
        network.then("conv", layer.clone()).expect("a valid layer");
        let parameters = network.parameters(network.last());
        let values = |name: &str| {
            let (seed, (_, parameter)) = parameters
                .iter()
                .enumerate()
                .find(|(_, (found, _))| found == name)
                .expect("a parameter of the network");
            random(seed as u32 + 2, parameter.shape.elements())
        };
        let widen = |values: Vec<f32>| -> Vec<f64> { values.into_iter().map(f64::from).collect() };
        let x = random(1, batch * shape.iter().product::<usize>());
        let expected = reference::conv2d::forward(
            &layer,
            batch,
            shape,
            &widen(x.clone()),
            &widen(values("conv.weight")),
            &widen(values("conv.bias")),
        );
        for preset in PRESETS {
            let plan =
                Plan::inference(&network, batch, target(preset), f32_storage).expect("it fits");
            let y = infer(&device, &network, &plan, values, std::slice::from_ref(&x));
            let name = format!("{shape:?} {layer:?} {preset:?}");
            assert_close(&name, &y[0], &expected, 1e-5);
        }
    }
}
