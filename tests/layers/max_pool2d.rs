use alexnet_live::layers::{MaxPool2d, Window};

use super::{
    NANS, TWO_ROWS, assert_forward_equals_reference, assert_numbers_equal_reference,
    assert_second_row_equals_reference,
};

#[test]
fn forward_equals_the_reference() {
    let overlapping = || MaxPool2d::new(3).stride(2);
    let uneven = MaxPool2d {
        window: Window {
            kernel: [3, 2],
            stride: [1, 3],
            padding: [0, 1, 2, 0],
            dilation: [2, 1],
            ceil_mode: true,
        },
    };
    assert_forward_equals_reference(&[
        (MaxPool2d::new(1).into(), 1, &[&[1, 1, 1]]),
        (MaxPool2d::new(2).into(), 3, &[&[5, 7, 3]]),
        (overlapping().into(), 1, &[&[55, 55, 96]]),
        (overlapping().into(), 2, &[&[13, 11, 5]]),
        (overlapping().ceil_mode().into(), 1, &[&[14, 12, 7]]),
        (overlapping().padding(1).into(), 2, &[&[8, 9, 2]]),
        (
            overlapping().padding(1).ceil_mode().into(),
            1,
            &[&[8, 9, 65]],
        ),
        (
            MaxPool2d::new(5).stride(4).padding(2).into(),
            1,
            &[&[17, 3, 63]],
        ),
        (MaxPool2d::new(7).into(), 2, &[&[7, 7, 10]]),
        (uneven.into(), 2, &[&[9, 10, 6]]),
    ]);
}

#[test]
fn a_second_row_of_workgroups_is_reached() {
    assert_second_row_equals_reference(&(MaxPool2d::new(1).into(), 1, &[&[1, TWO_ROWS / 4, 1]]));
}

#[test]
fn what_is_no_number_wins_and_infinities_are_numbers() {
    let overlapping = MaxPool2d::new(3).stride(2).padding(1);
    let (low, high) = (f32::NEG_INFINITY, f32::INFINITY);
    // Four channels and three: as vectors and one by one.
    for channels in [4, 3] {
        let map = |values: [f32; 16]| -> Vec<f32> {
            let repeated = values.iter().flat_map(|value| vec![*value; channels]);
            repeated.collect()
        };
        for place in 0..16 {
            for number in [NANS[0], NANS[1], high, low] {
                let mut values: [f32; 16] = std::array::from_fn(|at| at as f32 - 8.0);
                values[place] = number;
                let layer = overlapping.clone().into();
                assert_numbers_equal_reference(&layer, &[4, 4, channels], &map(values));
            }
        }
        let layer = MaxPool2d::new(2).into();
        assert_numbers_equal_reference(&layer, &[4, 4, channels], &map([low; 16]));
    }
}
