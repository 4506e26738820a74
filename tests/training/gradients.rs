//! Every gradient on both engines = the f64 reference, over awkward shapes, with a
//! random upstream gradient. Those of the inputs once alone, once as those of the second
//! consumer, which adds to what the first one wrote.

use alexnet_live::engine::{Device, Executable};
use alexnet_live::kernels::{Dispatch, Slice};
use alexnet_live::layers::{
    Activation, Add, AvgPool2d, Concat, Conv2d, Dropout, Flatten, Layer, Linear, LocalResponseNorm,
    MaxPool2d, Multiply, Rearrange, Softmax,
};
use alexnet_live::network::{Network, NodeId};
use alexnet_live::plan::{BackwardPlan, InspectionPlan, Plan, RunSettings, Target};
use alexnet_live::shape::Shape;

use super::harness::Harness;
use crate::reference::{self, Gradients, Tensor};
use crate::support::{assert_close, engines, f32_storage, write_parameter};

type Case<'a> = (Layer, usize, &'a [&'a [usize]]);

fn assert_gradients(cases: &[Case]) {
    for (device, targets) in engines() {
        for case in cases {
            let has_parameters = matches!(case.0, Layer::Conv2d(_) | Layer::Linear(_));
            // No other kernel has block sizes.
            let targets = if has_parameters {
                &targets[..]
            } else {
                &targets[..1]
            };
            for (index, target) in targets.iter().enumerate() {
                // Adding is the same kernel with all block sizes.
                let most = if index == 0 { 2 } else { 1 };
                for consumers in 1..=most {
                    assert_input_gradients(&device, case, *target, consumers);
                }
                if has_parameters {
                    assert_parameter_gradients(&device, case, *target);
                }
            }
        }
    }
}

/// A network of inputs and this layer, or two that read the same and whose sum is the
/// output; and the layers.
fn network((layer, _, shapes): &Case, consumers: usize) -> (Network, Vec<NodeId>) {
    let mut network = Network::empty("one layer");
    let mut inputs = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        let input = network.input(&format!("input {index}"), Shape(shape.to_vec()));
        inputs.push(input.expect("a new name"));
    }
    let layers: Vec<NodeId> = (0..consumers)
        .map(|index| {
            let added = network.add(&format!("layer {index}"), layer.clone(), &inputs);
            added.expect("a valid layer")
        })
        .collect();
    if let [first, second] = layers[..] {
        network.add("sum", Add, &[first, second]).expect("valid");
    }
    (network, layers)
}

/// Random values `[batch, ...shape]` of a node.
fn random(network: &Network, node: NodeId, batch: usize, seed: u32) -> Tensor {
    Tensor::random(seed, &[&[batch], &network[node].shape.0[..]].concat())
}

/// Random parameters of the whole network, by full name and node.
fn parameters(network: &Network) -> Vec<(String, NodeId, Tensor)> {
    let of_node = |(id, _)| network.parameters(id).into_iter().map(move |own| (id, own));
    network
        .nodes()
        .flat_map(of_node)
        .zip(100..)
        .map(|((id, (name, parameter)), seed)| (name, id, Tensor::random(seed, &parameter.shape.0)))
        .collect()
}

/// Values of the parameters of one node.
fn own(parameters: &[(String, NodeId, Tensor)], node: NodeId) -> Vec<Tensor> {
    let own = parameters.iter().filter(|(_, id, _)| *id == node);
    own.map(|(.., values)| values.clone()).collect()
}

fn described((layer, batch, shapes): &Case, target: Target) -> String {
    format!("{layer:?} {shapes:?} x {batch} {target:?}")
}

/// Holds `dx` of every input against the reference.
fn assert_input_gradients(device: &Device, case: &Case, target: Target, consumers: usize) {
    let (layer, batch, _) = case;
    let name = format!("{}, {consumers} consumers", described(case, target));
    let (network, layers) = network(case, consumers);
    let parameters = parameters(&network);
    let inputs = network.inputs().into_iter().zip(1..);
    let x: Vec<Tensor> = inputs
        .map(|(id, seed)| random(&network, id, *batch, seed))
        .collect();
    let dy = random(&network, network.last(), *batch, 50);
    let inside = Inside::new(device, &network, *batch, target);
    inside.write_all(&network, &parameters, &x, &dy);

    let mut dx: Vec<Tensor> = x.iter().map(|x| Tensor::zeros(&x.shape)).collect();
    for id in layers {
        let gradients = match layer {
            Layer::Dropout(dropout) => {
                dropout_backward(dropout, &x[0], &inside.value(id, &dy.shape), &dy)
            }
            layer => reference::backward(layer, &x, &own(&parameters, id), &dy),
        };
        for (dx, more) in dx.iter_mut().zip(&gradients.inputs) {
            *dx = dx.zip(more, |a, b| a + b);
        }
    }
    for (id, expected) in network.inputs().into_iter().zip(&dx) {
        let found = inside.gradient(id, expected.values.len());
        assert_close(&format!("{name}: dx"), &found, &expected.values, 1e-5);
    }
}

/// A network whose values all stay, and backward to its inputs.
struct Inside<'a> {
    device: &'a Device,
    forward: InspectionPlan,
    backward: BackwardPlan,
    executables: [Executable; 2],
}

impl<'a> Inside<'a> {
    fn new(device: &'a Device, network: &Network, batch: usize, target: Target) -> Self {
        let plan = Plan::inference(network, batch, target, f32_storage).expect("it fits");
        let forward = plan.inspection(network, target, &|_| true);
        let forward = forward.expect("it fits");
        let backward = forward.backward(network, false).expect("it fits");
        let compile = |plan: &Plan, joined: Option<&Executable>| {
            // Statistics are tested elsewhere.
            let counts = |dispatch: &Dispatch| dispatch.kernel.source.name != "map_statistics";
            let dispatches: Vec<_> = plan.dispatches().into_iter().filter(counts).collect();
            let buffers = plan.allocations();
            let go_on = &mut |_, _| true;
            let executable = Executable::joining(device, joined, &buffers, &dispatches, go_on);
            pollster::block_on(executable).expect("it compiles")
        };
        let there = compile(&forward.plan, None);
        let back = compile(&backward.plan, Some(&there));
        Self {
            device,
            forward,
            backward,
            executables: [there, back],
        }
    }

    /// Computes everything from these parameters, inputs and the gradient of the output.
    fn write_all(
        &self,
        network: &Network,
        parameters: &[(String, NodeId, Tensor)],
        x: &[Tensor],
        dy: &Tensor,
    ) {
        let [there, back] = &self.executables;
        let run = |executable: &Executable| {
            pollster::block_on(executable.run(self.device)).expect("it runs");
        };
        let write = |slice: Slice, values: &[f32]| {
            let bytes = bytemuck::cast_slice(values);
            there.write(self.device, slice.buffer, slice.offset, bytes);
        };
        for (planned, (name, _, values)) in self.forward.plan.parameters.iter().zip(parameters) {
            assert_eq!(planned.name, *name);
            write_parameter(self.device, there, planned, &values.narrow());
        }
        for (id, x) in network.inputs().into_iter().zip(x) {
            write(self.forward.plan.value(id), &x.narrow());
        }
        let settings = RunSettings {
            seed: 7,
            step: 3,
            samples: 1,
            slot: 0,
            training: 1,
            first_sample: 0,
        };
        let slice = self.forward.run;
        there.write(
            self.device,
            slice.buffer,
            slice.offset,
            bytemuck::bytes_of(&settings),
        );
        run(there);
        let slice = self.backward.gradients[network.last().0].expect("a gradient");
        let dy = dy.narrow();
        let bytes = bytemuck::cast_slice(&dy);
        back.write(self.device, slice.buffer, slice.offset, bytes);
        run(back);
    }

    fn value(&self, node: NodeId, shape: &[usize]) -> Tensor {
        let slice = self.forward.plan.value(node);
        let read = self.executables[0].read::<f32>(self.device, slice);
        let values = pollster::block_on(read).expect("it can be read");
        let count = shape.iter().product();
        Tensor {
            shape: shape.to_vec(),
            values: values.into_iter().take(count).map(f64::from).collect(),
        }
    }

    fn gradient(&self, node: NodeId, count: usize) -> Vec<f32> {
        let slice = self.backward.gradients[node.0].expect("a gradient");
        let read = self.executables[1].read::<f32>(self.device, slice);
        let mut values = pollster::block_on(read).expect("it can be read");
        values.truncate(count);
        values
    }
}

/// Holds the gradient of every parameter against the reference.
fn assert_parameter_gradients(device: &Device, case: &Case, target: Target) {
    let (layer, batch, _) = case;
    let (network, layers) = network(case, 1);
    let parameters = parameters(&network);
    let harness = Harness::without_update(device, &network, *batch, target);
    let input = network.inputs()[0];
    let x = random(&network, input, *batch, 1);
    harness.write(harness.plan.plan.value(input), &x.narrow());
    for (name, _, values) in &parameters {
        harness.write_parameter(name, &values.narrow());
    }
    harness.prepare(7, 3, true);
    harness.evaluate();
    let dy = random(&network, layers[0], *batch, 50);
    let dlogits = harness.plan.value_gradients[layers[0].0].expect("the loss writes it");
    harness.write(dlogits, &dy.narrow());
    harness.backward();

    let gradients = reference::backward(layer, &[x], &own(&parameters, layers[0]), &dy);
    for ((name, ..), expected) in parameters.iter().zip(&gradients.parameters) {
        let what = format!("{}: {name}", described(case, target));
        assert_close(&what, &harness.gradient(name), &expected.values, 1e-5);
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
    let shapes: Vec<[&[usize]; 1]> = cases.iter().map(|(.., shape)| [&shape[..]]).collect();
    let layers = cases.iter().zip(&shapes);
    let cases: Vec<Case> = layers
        .map(|((layer, batch, _), shape)| (layer.clone().into(), *batch, &shape[..]))
        .collect();
    assert_gradients(&cases);
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

/// Convolutions with and without a convolution that gives `dx`, and linear layers.
#[test]
fn of_weights_split_into_chunks() {
    let mut without_bias = Conv2d::new(200, 3).stride(2);
    without_bias.bias = false;
    let shape: &[usize] = &[4, 5, 16];
    let cases: [Case; 3] = [
        (Conv2d::new(200, 3).padding(1).into(), 2, &[shape]),
        (without_bias.into(), 2, &[shape]),
        (Linear::new(200).into(), 3, &[&[144]]),
    ];
    for (device, targets) in engines() {
        for case in &cases {
            for target in &targets {
                let small = Target {
                    max_binding_bytes: 80_000,
                    ..*target
                };
                let plan = Plan::inference(&network(case, 1).0, 1, small, f32_storage);
                let chunks = plan.expect("it fits").parameters[0].each().len();
                assert!(chunks > 1, "{chunks} chunks");
                for consumers in 1..=2 {
                    assert_input_gradients(&device, case, small, consumers);
                }
                assert_parameter_gradients(&device, case, small);
            }
        }
    }
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
    let shape: &[&[usize]] = &[&[5, 7, 3]];
    let all = [Activation::Relu, Activation::Sigmoid, Activation::Tanh];
    assert_gradients(&all.map(|activation| (activation.into(), 2, shape)));
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
        (Softmax::default().into(), 3, &[&[70]]),
        (Softmax::default().into(), 1, &[&[2, 3, 5]]),
        (Softmax { logarithmic: true }.into(), 2, &[&[2, 3, 5]]),
        (Multiply.into(), 2, &[&[3, 4, 5], &[3, 4, 5]]),
    ]);
    // One that leaves all as it stands computes nothing.
    let same = |layer: &Rearrange| layer.axes == [[60, 1]];
    for layer in rearranged().into_iter().filter(|layer| !same(layer)) {
        assert_gradients(&[(layer.into(), 2, &[&[3, 4, 5]])]);
    }
}

/// Maps of 3 x 4 x 5 transposed, cut, shuffled, thinned, repeated.
pub(crate) fn rearranged() -> Vec<Rearrange> {
    let rearrange = |shape: &[usize], offset, axes: &[[usize; 2]]| Rearrange {
        shape: Shape(shape.to_vec()),
        offset,
        axes: axes.to_vec(),
    };
    vec![
        rearrange(&[60], 0, &[[5, 1], [12, 5]]),
        rearrange(&[2, 2, 5], 25, &[[2, 20], [10, 1]]),
        rearrange(&[3, 4, 2], 1, &[[12, 5], [2, 2]]),
        rearrange(&[6, 8, 5], 0, &[[3, 20], [2, 0], [4, 5], [2, 0], [5, 1]]),
        rearrange(&[3, 4, 5], 0, &[[60, 1]]),
    ]
}

#[test]
fn of_functions_since_relu() {
    for activation in [
        Activation::LeakyRelu { slope: 0.2 },
        Activation::HardSigmoid {
            slope: 0.3,
            offset: 0.45,
        },
        Activation::HardSwish,
        Activation::Silu,
        Activation::Gelu,
        Activation::GeluTanh,
        Activation::Elu { alpha: 0.7 },
        Activation::Softplus,
        Activation::Affine {
            scale: -1.5,
            shift: 0.3,
        },
        Activation::Erf,
        Activation::Exp,
        Activation::Abs,
        Activation::Clip {
            low: -0.4,
            high: 0.6,
        },
    ] {
        assert_gradients(&[(activation.into(), 2, &[&[5, 3, 7]])]);
    }
}
