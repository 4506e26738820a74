//! Receptive fields are where PyTorch's gradients are not 0.

use alexnet_live::inspect::receptive_field;

use super::{file, network};

#[test]
fn a_value_depends_on_the_pixels_of_its_receptive_field() {
    let network = network();
    let bytes = include_bytes!("../golden/inside.safetensors");
    let (_, header) = safetensors::SafeTensors::read_metadata(bytes).expect("a header");
    let places = &header.metadata().as_ref().expect("notes")["places"];
    let tensor = file()
        .tensor("receptive fields")
        .expect("a tensor")
        .data()
        .to_vec();
    let expected: Vec<i32> = bytemuck::pod_collect_to_vec(&tensor);
    assert_eq!(places.lines().count(), expected.len() / 4);
    for (place, expected) in places.lines().zip(expected.chunks_exact(4)) {
        let [layer, numbers @ ..] = &place.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{place}");
        };
        let numbers: Vec<usize> = numbers
            .iter()
            .map(|n| n.parse().expect("a number"))
            .collect();
        let id = network.find(layer).expect("a layer");
        let area = receptive_field(&network, id, (numbers[0], numbers[1], numbers[2]));
        let area = area.expect("all depends on the input");
        // No gradient reaches the padding.
        let found = [
            area.top.max(0),
            area.left.max(0),
            area.bottom.min(29),
            area.right.min(29),
        ];
        assert_eq!(found, expected, "{place}: {area:?}");
    }
}
