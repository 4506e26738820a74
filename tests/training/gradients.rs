//! Every gradient on the GPU = the f64 reference, over awkward shapes, with a
//! random upstream gradient; once alone, once as the second consumer of its
//! inputs, which adds to what the first one wrote.

use alexnet_live::engine::Device;
use alexnet_live::layers::{
    Activation, Add, AvgPool2d, Concat, Conv2d, Dropout, Flatten, Layer, Linear, LocalResponseNorm,
    MaxPool2d, Softmax,
};
use alexnet_live::network::{Network, NodeId};
use alexnet_live::plan::{Optimizer, ParameterFactors, Preset};
use alexnet_live::shape::Shape;

use super::harness::Harness;
use crate::reference::{self, Gradients, Tensor};
use crate::support::{PRESETS, assert_close, device};

type Case<'a> = (Layer, usize, &'a [&'a [usize]]);

fn assert_gradients(cases: &[Case]) {
    let device = device();
    for case in cases {
        for preset in PRESETS {
            // Adding is the same kernel in both presets.
            let most = if preset == Preset::SOFTWARE { 2 } else { 1 };
            for consumers in 1..=most {
                assert_case(&device, case, preset, consumers);
            }
        }
    }
}

/// A network in which the inputs of the layer have a gradient: each comes from
/// a layer with weights.
fn network((layer, _, shapes): &Case, consumers: usize) -> (Network, Vec<NodeId>, Vec<NodeId>) {
    let mut network = Network::empty("one layer");
    let mut sources = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        let shape = Shape(shape.to_vec());
        let input = network
            .input(&format!("input {index}"), shape.clone())
            .expect("a new name");
        let before: Layer = match shape.0[..] {
            [features] => Linear::new(features).into(),
            _ => Conv2d::new(*shape.0.last().expect("a map"), 1).into(),
        };
        let before = network
            .add(&format!("before {index}"), before, &[input])
            .expect("valid");
        // So that no activation is fused and its input stays readable.
        let source = network
            .add(&format!("source {index}"), Concat, &[before])
            .expect("valid");
        sources.push(source);
    }
    let layers: Vec<NodeId> = (0..consumers)
        .map(|index| {
            network
                .add(&format!("layer {index}"), layer.clone(), &sources)
                .expect("a valid layer")
        })
        .collect();
    if let [first, second] = layers[..] {
        network.add("sum", Add, &[first, second]).expect("valid");
    }
    (network, sources, layers)
}

fn assert_case(device: &Device, case: &Case, preset: Preset, consumers: usize) {
    let (layer, batch, shapes) = case;
    let name = format!("{layer:?} {shapes:?} x {batch} {preset:?}, {consumers} consumers");
    let (network, sources, layers) = network(case, consumers);
    let harness = Harness::new(device, &network, *batch, preset, Optimizer::Sgd, |_| {
        ParameterFactors::default()
    });
    let mut parameters = Vec::new();
    for (id, _) in network.nodes() {
        for (name, parameter) in network.parameters(id) {
            let seed = 100 + parameters.len() as u32;
            let values = Tensor::random(seed, &parameter.shape.0);
            harness.write_parameter(&name, &values.narrow());
            parameters.push((name, id, values));
        }
    }
    for (seed, id) in (1..).zip(network.inputs()) {
        let values = Tensor::random(seed, &[&[*batch], &network[id].shape.0[..]].concat());
        harness.write(harness.plan.plan.value(id), &values.narrow());
    }
    harness.prepare(7, 3, true);
    harness.evaluate();

    let read = |id: NodeId, slice| {
        let shape = [&[*batch], &network[id].shape.0[..]].concat();
        let values = harness.read(slice, shape.iter().product());
        Tensor {
            shape,
            values: values.into_iter().map(f64::from).collect(),
        }
    };
    let inputs: Vec<Tensor> = sources
        .iter()
        .map(|id| read(*id, harness.plan.plan.value(*id)))
        .collect();
    let last = network.last();
    let dy = Tensor::random(50, &[&[*batch], &network[last].shape.0[..]].concat());
    let dlogits = harness.plan.value_gradients[last.0].expect("the loss writes it");
    harness.write(dlogits, &dy.narrow());
    harness.backward();

    let mut dx: Vec<Tensor> = inputs.iter().map(|x| Tensor::zeros(&x.shape)).collect();
    for id in layers {
        let own: Vec<_> = parameters.iter().filter(|p| p.1 == id).collect();
        let values: Vec<Tensor> = own.iter().map(|p| p.2.clone()).collect();
        let gradients = match layer {
            Layer::Dropout(dropout) => {
                let y = read(id, harness.plan.plan.value(id));
                dropout_backward(dropout, &inputs[0], &y, &dy)
            }
            layer => reference::backward(layer, &inputs, &values, &dy),
        };
        for (dx, more) in dx.iter_mut().zip(&gradients.inputs) {
            *dx = dx.zip(more, |a, b| a + b);
        }
        for (parameter, expected) in own.iter().zip(&gradients.parameters) {
            let found = harness.gradient(&parameter.0);
            let what = format!("{name}: {}", parameter.0);
            assert_close(&what, &found, &expected.values, 1e-5);
        }
    }
    for (id, expected) in sources.iter().zip(&dx) {
        let slice = harness.plan.value_gradients[id.0].expect("weights stand before it");
        let found = harness.read(slice, expected.values.len());
        assert_close(&format!("{name}: dx"), &found, &expected.values, 1e-5);
    }
}

/// The mask is told by the output.
fn dropout_backward(layer: &Dropout, x: &Tensor, y: &Tensor, dy: &Tensor) -> Gradients {
    let mask: Vec<bool> = y.values.iter().map(|y| *y != 0.0).collect();
    let expected = reference::dropout::forward(layer, x, &mask);
    for (y, expected) in y.values.iter().zip(&expected.values) {
        assert!((y - expected).abs() < 1e-5, "{y} should be {expected}");
    }
    reference::dropout::backward(layer, &mask, dy)
}

#[test]
fn of_convolutions() {
    let asymmetric = |mut layer: Conv2d, padding| {
        layer.window.padding = padding;
        layer
    };
    let dilated = |mut layer: Conv2d| {
        layer.window.dilation = [2, 3];
        layer
    };
    let without_bias = |mut layer: Conv2d| {
        layer.bias = false;
        layer
    };
    let cases: Vec<(Conv2d, usize, [usize; 3])> = vec![
        (Conv2d::new(1, 1), 1, [1, 1, 1]),
        (Conv2d::new(5, 3).padding(1), 2, [7, 5, 3]),
        (Conv2d::new(8, 11).stride(4).padding(2), 1, [23, 19, 3]),
        (Conv2d::new(12, 5).padding(2).groups(2), 3, [13, 13, 8]),
        (Conv2d::new(6, 3).padding(1).groups(6), 1, [9, 9, 6]),
        (without_bias(Conv2d::new(17, 1)), 2, [15, 14, 4]),
        (Conv2d::new(64, 3).padding(1), 1, [13, 14, 16]),
        (Conv2d::new(9, 5).padding(2), 2, [5, 8, 12]),
        (asymmetric(Conv2d::new(3, 3), [0, 1, 2, 0]), 2, [8, 9, 5]),
        // More padding than the kernel reaches: no convolution gives dx.
        (asymmetric(Conv2d::new(3, 2), [2, 0, 1, 0]), 1, [5, 6, 2]),
        (dilated(Conv2d::new(7, 3).padding(2)), 2, [9, 12, 6]),
        (
            dilated(Conv2d::new(10, 3).stride(2).groups(2)),
            2,
            [11, 12, 6],
        ),
        (Conv2d::new(12, 3).stride(3), 2, [9, 11, 5]),
    ];
    for (layer, batch, shape) in cases {
        assert_gradients(&[(layer.into(), batch, &[&shape])]);
    }
}

#[test]
fn of_linear_layers() {
    assert_gradients(&[
        (Linear::new(1).into(), 1, &[&[1]]),
        (Linear::new(10).into(), 9, &[&[37]]),
        (Linear::new(65).into(), 3, &[&[64]]),
        (Linear::new(131).into(), 8, &[&[30]]),
    ]);
}

#[test]
fn of_pools() {
    let mut uneven = AvgPool2d::new(3).stride(2).padding(1).ceil_mode();
    uneven.count_include_pad = false;
    let mut dilated = MaxPool2d::new(2);
    dilated.window.dilation = [2, 1];
    assert_gradients(&[
        (MaxPool2d::new(1).into(), 1, &[&[1, 1, 1]]),
        (MaxPool2d::new(3).stride(2).into(), 2, &[&[13, 13, 5]]),
        (
            MaxPool2d::new(3).stride(2).ceil_mode().into(),
            2,
            &[&[8, 10, 4]],
        ),
        (
            MaxPool2d::new(3).stride(1).padding(1).into(),
            1,
            &[&[5, 7, 2]],
        ),
        (dilated.into(), 1, &[&[7, 7, 3]]),
        (AvgPool2d::new(3).stride(2).into(), 2, &[&[13, 11, 5]]),
        (
            AvgPool2d::new(3).stride(2).padding(1).ceil_mode().into(),
            1,
            &[&[8, 10, 4]],
        ),
        (uneven.into(), 1, &[&[8, 10, 4]]),
        (AvgPool2d::global().into(), 2, &[&[5, 6, 7]]),
    ]);
}

#[test]
fn of_activations() {
    for activation in [Activation::Relu, Activation::Sigmoid, Activation::Tanh] {
        assert_gradients(&[(activation.into(), 2, &[&[5, 7, 3]])]);
    }
}

#[test]
fn of_normalisation_and_dropout() {
    let strong = LocalResponseNorm {
        size: 4,
        alpha: 0.9,
        beta: 0.6,
        k: 0.7,
        within_map: false,
    };
    assert_gradients(&[
        (LocalResponseNorm::caffe().into(), 1, &[&[3, 4, 16]]),
        (strong.clone().into(), 2, &[&[3, 2, 9]]),
        (
            LocalResponseNorm {
                size: 5,
                ..strong.clone()
            }
            .into(),
            1,
            &[&[2, 2, 3]],
        ),
        (
            LocalResponseNorm {
                within_map: true,
                ..strong
            }
            .into(),
            2,
            &[&[5, 7, 3]],
        ),
        (Dropout { probability: 0.4 }.into(), 2, &[&[7, 5, 3]]),
    ]);
}

#[test]
fn of_layers_that_only_move_numbers() {
    assert_gradients(&[
        (Flatten.into(), 2, &[&[3, 5, 7]]),
        (Concat.into(), 2, &[&[3, 4, 5], &[3, 4, 2]]),
        (Add.into(), 2, &[&[3, 4, 5], &[3, 4, 5]]),
        (Softmax.into(), 3, &[&[70]]),
        (Softmax.into(), 1, &[&[2, 3, 5]]),
    ]);
}
