//! Reference backward = central differences of reference forward, under a
//! random gradient of the output.

use super::{Tensor, backward, forward, golden_cases};

/// The error of a difference falls with the square of the step, that of
/// rounding grows with its inverse: here both stay below the tolerance.
const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-6;

/// Layers and shapes are those of the golden cases, values are other ones: no
/// random number stands at a kink of ReLU or max pooling.
#[test]
fn backward_equals_central_differences() {
    for case in golden_cases() {
        let shapes = case.inputs.iter().chain(&case.parameters);
        let mut read: Vec<_> = shapes
            .zip(1..)
            .map(|(tensor, seed)| Tensor::random(seed, &tensor.shape))
            .collect();
        let (inputs, parameters) = read.split_at(case.inputs.len());
        let dy = Tensor::random(99, &case.y.shape);
        let gradients = backward(&case.layer, inputs, parameters, &dy);
        let mut loss = |tensor: usize, element: usize, step: f64| -> f64 {
            let before = read[tensor].values[element];
            read[tensor].values[element] += step;
            let (inputs, parameters) = read.split_at(case.inputs.len());
            let y = forward(&case.layer, inputs, parameters);
            read[tensor].values[element] = before;
            y.zip(&dy, |y, dy| y * dy).values.iter().sum()
        };
        let found = gradients.inputs.iter().chain(&gradients.parameters);
        for (tensor, gradient) in found.enumerate() {
            for (element, found) in gradient.values.iter().enumerate() {
                let rise = loss(tensor, element, STEP) - loss(tensor, element, -STEP);
                let expected = rise / (2.0 * STEP);
                assert!(
                    (found - expected).abs() <= TOLERANCE,
                    "{:?}: gradient {tensor}, element {element} is {found}, not {expected}",
                    case.layer
                );
            }
        }
    }
}
