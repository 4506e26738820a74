use alexnet_live::layers::{Activation, Conv2d, Layer, Linear};
use alexnet_live::network::Network;
use alexnet_live::plan::Plan;
use alexnet_live::shape::Shape;

use super::{
    NANS, TWO_ROWS, assert_forward_equals_reference, assert_numbers_equal_reference,
    assert_scaled_forward_equals_reference, assert_second_row_equals_reference,
};
use crate::support::{engines, f32_storage, infer, random};

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

#[test]
fn what_is_no_number_stays_none() {
    let [nan, negative] = NANS;
    let infinity = f32::INFINITY;
    let x = [nan, 1.0, negative, -1.0, infinity, -infinity, 0.0, -0.0];
    for activation in ALL {
        assert_numbers_equal_reference(&activation.into(), &[x.len()], &x);
    }
}

/// Fused behind a sum, an activation lets NaN through as well: in sample 1 of 3 alone.
#[test]
fn what_is_no_number_stays_none_behind_a_sum() {
    let layers: [(Layer, &[usize]); 2] = [
        (Conv2d::new(5, 1).into(), &[1, 1, 3]),
        (Linear::new(5).into(), &[3]),
    ];
    for (device, targets) in engines() {
        for (target, (layer, shape)) in targets
            .iter()
            .flat_map(|t| layers.iter().map(move |l| (t, l)))
        {
            for activation in ALL {
                for nan in NANS {
                    let mut network = Network::empty("fused");
                    network
                        .input("input", Shape(shape.to_vec()))
                        .expect("a name");
                    network.then("layer", layer.clone()).expect("valid");
                    network.then("activation", activation).expect("valid");
                    let plan = Plan::inference(&network, 3, *target, f32_storage).expect("it fits");
                    assert_eq!(plan.steps.len(), 1, "it is fused");
                    let parameters = |name: &str| match name {
                        "layer.weight" => random(2, 15),
                        _ => random(3, 5),
                    };
                    let mut x = random(1, 9);
                    x[4] = nan;
                    let y = infer(&device, &network, &plan, parameters, &[x]).remove(0);
                    let nans: Vec<bool> = y.iter().map(|y| y.is_nan()).collect();
                    let expected = [[false; 5], [true; 5], [false; 5]].concat();
                    assert_eq!(nans, expected, "{activation:?} behind {layer:?} {target:?}");
                }
            }
        }
    }
}
