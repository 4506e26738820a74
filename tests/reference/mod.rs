//! Every layer as plain loops in f64: the definition, no cleverness.
//!
//! The forward pass is the library's own ([`alexnet_live::reference`]); each file
//! here has the backward pass of one layer. Held against PyTorch in `golden` and,
//! backward, against central differences in `differences`.

pub mod activation;
pub mod add;
pub mod avg_pool2d;
pub mod concat;
pub mod conv2d;
mod differences;
pub mod dropout;
pub mod flatten;
mod golden;
pub mod linear;
pub mod local_response_norm;
pub mod max_pool2d;
pub mod multiply;
pub mod rearrange;
pub mod softmax;
mod tensor;
mod window;

use alexnet_live::layers::Layer;
use alexnet_live::reference::{self, Filter};

pub use golden::cases as golden_cases;
pub use tensor::Tensor;

/// How a loss falls or rises with what a layer read.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
pub struct Gradients {
    /// One for each input.
    pub inputs: Vec<Tensor>,
    /// One for each parameter: weight, then bias if there is one.
    pub parameters: Vec<Tensor>,
}

impl Gradients {
    /// Of a layer with one input and no parameters.
    fn of_input(dx: Tensor) -> Self {
        Self {
            inputs: vec![dx],
            parameters: Vec::new(),
        }
    }
}

/// The output of a layer at inference.
///
/// `parameters` are the weight, then the bias if there is one.
pub fn forward(layer: &Layer, inputs: &[Tensor], parameters: &[Tensor]) -> Tensor {
    let shapes: Vec<_> = inputs.iter().map(Tensor::sample_shape).collect();
    let shape = layer.output_shape(&shapes.iter().collect::<Vec<_>>());
    let shape = shape.expect("a valid layer");
    let batch = inputs[0].shape[0];
    let size = reference::size(batch, &shape);
    let mut y = Tensor::zeros(&[&[batch], &shape.0[..]].concat());
    let inputs: Vec<_> = inputs.iter().map(Tensor::maps).collect();
    let [_, height, width, channels] = size;
    for (at, y) in y.values.iter_mut().enumerate() {
        let (pixel, channel) = (at / channels, at % channels);
        let filter = match parameters {
            [] => Filter::default(),
            [weight, bias @ ..] => {
                let row = weight.values.len() / channels;
                Filter {
                    weight: &weight.values[channel * row..][..row],
                    bias: bias.first().map_or(0.0, |bias| bias.values[channel]),
                }
            }
        };
        let [n, row] = [pixel / (height * width), pixel / width % height];
        *y = reference::element(layer, &inputs, filter, [n, row, pixel % width, channel]);
    }
    y
}

/// The gradients of what a layer read, from the gradient `dy` of its output.
pub fn backward(layer: &Layer, inputs: &[Tensor], parameters: &[Tensor], dy: &Tensor) -> Gradients {
    let x = &inputs[0];
    match layer {
        Layer::Conv2d(layer) => conv2d::backward(layer, x, &parameters[0], dy),
        Layer::Linear(layer) => linear::backward(layer, x, &parameters[0], dy),
        Layer::MaxPool2d(layer) => max_pool2d::backward(layer, x, dy),
        Layer::AvgPool2d(layer) => avg_pool2d::backward(layer, x, dy),
        Layer::Activation(layer) => activation::backward(*layer, x, dy),
        Layer::LocalResponseNorm(layer) => local_response_norm::backward(layer, x, dy),
        Layer::Flatten(_) => flatten::backward(x, dy),
        Layer::Concat(_) => concat::backward(inputs, dy),
        Layer::Add(_) => add::backward(dy),
        Layer::Multiply(_) => multiply::backward(inputs, dy),
        Layer::Rearrange(layer) => rearrange::backward(layer, x, dy),
        Layer::Softmax(layer) => softmax::backward(layer, x, dy),
        Layer::Dropout(_) => Gradients::of_input(dy.clone()),
        Layer::Input => panic!("an input computes nothing"),
    }
}

#[test]
fn what_is_no_number_stays_none() {
    use alexnet_live::layers::{Activation, MaxPool2d};
    for activation in [Activation::Relu, Activation::Sigmoid, Activation::Tanh] {
        assert!(
            reference::activate(activation, f64::NAN).is_nan(),
            "{activation:?}"
        );
    }
    for place in 0..4 {
        let mut x = Tensor::zeros(&[1, 2, 2, 1]);
        x.values[place] = f64::NAN;
        let y = forward(&MaxPool2d::new(2).into(), &[x], &[]);
        assert!(y.values[0].is_nan(), "at {place}");
    }
    let low = Tensor::zeros(&[1, 2, 2, 1]).map(|_| f64::NEG_INFINITY);
    let y = forward(&MaxPool2d::new(2).into(), &[low], &[]);
    assert_eq!(y.values, [f64::NEG_INFINITY]);
}
