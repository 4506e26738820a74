use alexnet_live::layers::Activation;

use super::{
    TWO_ROWS, assert_forward_equals_reference, assert_scaled_forward_equals_reference,
    assert_second_row_equals_reference,
};

const ALL: [Activation; 3] = [Activation::Relu, Activation::Sigmoid, Activation::Tanh];

#[test]
fn forward_equals_the_reference() {
    for activation in ALL {
        assert_forward_equals_reference(&[
            (activation.into(), 1, &[&[1]]),
            (activation.into(), 3, &[&[7]]),
            (activation.into(), 2, &[&[5, 3, 11]]),
            (activation.into(), 1, &[&[257]]),
        ]);
    }
}

#[test]
fn large_arguments_saturate() {
    for activation in ALL {
        for scale in [20.0, 100.0, 1e30] {
            let cases = [(activation.into(), 2, &[&[97][..]][..])];
            assert_scaled_forward_equals_reference(&cases, scale);
        }
    }
}

#[test]
fn a_second_row_of_workgroups_is_reached() {
    assert_second_row_equals_reference(&(Activation::Relu.into(), 1, &[&[TWO_ROWS]]));
}
