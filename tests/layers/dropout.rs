use alexnet_live::layers::Dropout;

use super::assert_forward_equals_reference;

#[test]
fn it_is_the_identity_at_inference() {
    let half = Dropout { probability: 0.5 };
    assert_forward_equals_reference(&[
        (half.clone().into(), 1, &[&[1]]),
        (half.into(), 2, &[&[3, 5, 7]]),
    ]);
}
