//! Every layer as plain loops in f64: the definition, no cleverness.
//!
//! Each file has `forward` and `backward` of one layer; [`forward`] and
//! [`backward`] below do so for any [`Layer`]. Held against PyTorch in `golden`
//! and, backward, against central differences in `differences`.

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
pub mod softmax;
mod tensor;
mod window;

use alexnet_live::layers::Layer;

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
    let x = &inputs[0];
    match layer {
        Layer::Conv2d(layer) => conv2d::forward(layer, x, &parameters[0], parameters.get(1)),
        Layer::Linear(_) => linear::forward(x, &parameters[0], parameters.get(1)),
        Layer::MaxPool2d(layer) => max_pool2d::forward(layer, x),
        Layer::AvgPool2d(layer) => avg_pool2d::forward(layer, x),
        Layer::Activation(layer) => activation::forward(*layer, x),
        Layer::LocalResponseNorm(layer) => local_response_norm::forward(layer, x),
        Layer::Flatten(_) => flatten::forward(x),
        Layer::Concat(_) => concat::forward(inputs),
        Layer::Add(_) => add::forward(x, &inputs[1]),
        Layer::Softmax(_) => softmax::forward(x),
        // While training, `dropout` has a mask of its own.
        Layer::Dropout(_) => x.clone(),
        Layer::Input => panic!("an input computes nothing"),
    }
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
        Layer::Softmax(_) => softmax::backward(x, dy),
        Layer::Dropout(_) => Gradients::of_input(dy.clone()),
        Layer::Input => panic!("an input computes nothing"),
    }
}
