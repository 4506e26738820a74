use alexnet_live::layers::{AvgPool2d, Window};

use super::{TWO_ROWS, assert_forward_equals_reference, assert_second_row_equals_reference};

#[test]
fn forward_equals_the_reference() {
    let overlapping = || AvgPool2d::new(3).stride(2);
    let without_padding = |mut layer: AvgPool2d| {
        layer.count_include_pad = false;
        layer
    };
    let uneven = AvgPool2d {
        window: Window {
            kernel: [3, 2],
            stride: [1, 3],
            padding: [0, 1, 2, 0],
            dilation: [2, 1],
            ceil_mode: true,
        },
        ..AvgPool2d::new(1)
    };
    assert_forward_equals_reference(&[
        (AvgPool2d::new(1).into(), 1, &[&[1, 1, 1]]),
        (AvgPool2d::new(2).into(), 3, &[&[5, 7, 3]]),
        (overlapping().into(), 1, &[&[55, 55, 96]]),
        (overlapping().ceil_mode().into(), 1, &[&[14, 12, 7]]),
        (
            overlapping().padding(1).ceil_mode().into(),
            2,
            &[&[8, 9, 65]],
        ),
        (
            without_padding(overlapping().padding(1).ceil_mode()).into(),
            2,
            &[&[8, 9, 65]],
        ),
        (
            without_padding(AvgPool2d::new(5).stride(4).padding(2)).into(),
            1,
            &[&[17, 3, 63]],
        ),
        (
            without_padding(AvgPool2d::new(1).padding(1)).into(),
            1,
            &[&[2, 3, 5]],
        ),
        (uneven.clone().into(), 2, &[&[9, 10, 6]]),
        (without_padding(uneven).into(), 2, &[&[9, 10, 6]]),
        (AvgPool2d::global().into(), 1, &[&[1, 1, 1]]),
        (AvgPool2d::global().into(), 2, &[&[13, 13, 1000]]),
        (AvgPool2d::global().into(), 3, &[&[5, 1, 7]]),
    ]);
}

#[test]
fn a_second_row_of_workgroups_is_reached() {
    assert_second_row_equals_reference(&(AvgPool2d::new(1).into(), 1, &[&[1, TWO_ROWS / 4, 1]]));
}
