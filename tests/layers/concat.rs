use alexnet_live::layers::Concat;

use super::{TWO_ROWS, assert_forward_equals_reference, assert_second_row_equals_reference};

#[test]
fn forward_equals_the_reference() {
    assert_forward_equals_reference(&[
        (Concat.into(), 1, &[&[1]]),
        (Concat.into(), 1, &[&[1], &[1]]),
        (Concat.into(), 3, &[&[5], &[2], &[8]]),
        (Concat.into(), 1, &[&[3, 5, 4], &[3, 5, 8]]),
        (Concat.into(), 2, &[&[3, 5, 3], &[3, 5, 6], &[3, 5, 1]]),
        (Concat.into(), 2, &[&[7, 1, 63], &[7, 1, 65]]),
    ]);
}

#[test]
fn a_second_row_of_workgroups_is_reached() {
    assert_second_row_equals_reference(&(Concat.into(), 1, &[&[3], &[TWO_ROWS]]));
}
