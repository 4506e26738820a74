use alexnet_live::layers::LocalResponseNorm;

use super::{TWO_ROWS, assert_scaled_forward_equals_reference, assert_second_row_equals_reference};

/// With an alpha that makes the neighbours count.
fn strong(size: usize) -> LocalResponseNorm {
    LocalResponseNorm {
        size,
        alpha: 0.5,
        beta: 0.75,
        k: 2.0,
        within_map: false,
    }
}

#[test]
fn forward_equals_the_reference() {
    assert_scaled_forward_equals_reference(
        &[
            (strong(5).into(), 1, &[&[1, 1, 1]]),
            (strong(1).into(), 2, &[&[3, 2, 6]]),
            (strong(2).into(), 1, &[&[3, 2, 5]]),
            (strong(3).into(), 1, &[&[2, 2, 3]]),
            (strong(4).into(), 3, &[&[1, 3, 9]]),
            (strong(5).into(), 2, &[&[5, 7, 16]]),
            (strong(5).into(), 1, &[&[3, 1, 97]]),
            (strong(7).into(), 1, &[&[2, 3, 13]]),
            (strong(23).into(), 2, &[&[2, 2, 10]]),
            (strong(5).into(), 3, &[&[31]]),
            (LocalResponseNorm::caffe().into(), 1, &[&[5, 5, 96]]),
        ],
        10.0,
    );
}

#[test]
fn within_maps_it_equals_the_reference() {
    let within = |size| LocalResponseNorm {
        within_map: true,
        ..strong(size)
    };
    assert_scaled_forward_equals_reference(
        &[
            (within(3).into(), 1, &[&[1, 1, 1]]),
            (within(3).into(), 2, &[&[5, 7, 3]]),
            (within(2).into(), 1, &[&[4, 3, 2]]),
            (within(5).into(), 1, &[&[3, 9, 5]]),
            (within(9).into(), 2, &[&[4, 4, 1]]),
        ],
        10.0,
    );
}

#[test]
fn beta_may_be_any_power_and_k_any_offset() {
    for (beta, k) in [(0.5, 1.0), (1.0, 0.25), (2.0, 10.0)] {
        let layer = LocalResponseNorm {
            beta,
            k,
            ..strong(5)
        };
        assert_scaled_forward_equals_reference(&[(layer.into(), 1, &[&[3, 3, 7]])], 4.0);
    }
}

#[test]
fn a_second_row_of_workgroups_is_reached() {
    assert_second_row_equals_reference(&(strong(3).into(), 1, &[&[1, TWO_ROWS / 4, 1]]));
}
