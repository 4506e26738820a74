use alexnet_live::layers::Flatten;

use super::{TWO_ROWS, assert_forward_equals_reference, assert_second_row_equals_reference};

#[test]
fn forward_equals_the_reference() {
    assert_forward_equals_reference(&[
        (Flatten.into(), 1, &[&[1, 1, 1]]),
        (Flatten.into(), 3, &[&[7]]),
        (Flatten.into(), 2, &[&[1, 1, 5]]),
        (Flatten.into(), 2, &[&[5, 3, 1]]),
        (Flatten.into(), 3, &[&[5, 7, 11]]),
        (Flatten.into(), 1, &[&[6, 6, 256]]),
    ]);
}

#[test]
fn a_second_row_of_workgroups_is_reached() {
    assert_second_row_equals_reference(&(Flatten.into(), 1, &[&[1, TWO_ROWS / 12 + 1, 3]]));
}
