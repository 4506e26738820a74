use alexnet_live::layers::Softmax;

use super::{
    assert_forward_equals_reference, assert_scaled_forward_equals_reference,
    assert_second_row_equals_reference,
};

#[test]
fn forward_equals_the_reference() {
    assert_forward_equals_reference(&[
        (Softmax::default().into(), 1, &[&[1]]),
        (Softmax::default().into(), 3, &[&[7]]),
        (Softmax::default().into(), 2, &[&[5, 3, 63]]),
        (Softmax::default().into(), 1, &[&[2, 2, 64]]),
        (Softmax::default().into(), 1, &[&[65]]),
        (Softmax::default().into(), 5, &[&[1000]]),
    ]);
}

#[test]
fn large_logits_do_not_overflow() {
    for scale in [100.0, 1e30] {
        assert_scaled_forward_equals_reference(&[(Softmax::default().into(), 2, &[&[97]])], scale);
    }
}

#[test]
fn a_second_row_of_workgroups_is_reached() {
    assert_second_row_equals_reference(&(Softmax::default().into(), 1, &[&[2, 32_769, 2]]));
}
