use super::assert_forward_equals_reference;
use crate::training::rearranged;

#[test]
fn forward_equals_the_reference() {
    for layer in rearranged() {
        assert_forward_equals_reference(&[(layer.into(), 2, &[&[3, 4, 5]])]);
    }
}
