use alexnet_live::layers::Multiply;

use super::{TWO_ROWS, assert_forward_equals_reference, assert_second_row_equals_reference};

#[test]
fn forward_equals_the_reference() {
    assert_forward_equals_reference(&[
        (Multiply.into(), 1, &[&[1], &[1]]),
        (Multiply.into(), 3, &[&[5], &[5]]),
        (Multiply.into(), 2, &[&[7, 5, 3], &[7, 5, 3]]),
        (Multiply.into(), 1, &[&[2, 43, 3], &[2, 43, 3]]),
    ]);
}

#[test]
fn a_second_row_of_workgroups_is_reached() {
    assert_second_row_equals_reference(&(Multiply.into(), 1, &[&[TWO_ROWS], &[TWO_ROWS]]));
}
