//! Variants of a loaded network, against PyTorch's with the same weights.

use alexnet_live::error::Error;
use alexnet_live::inspect::{Changes, Inspection};
use alexnet_live::layers::{Linear, MaxPool2d};
use alexnet_live::network::Network;

use super::{Inside, assert_close, golden};

fn values(inside: &Inside, inspection: &Inspection, layer: &str) -> Vec<f32> {
    let id = inspection.network().find(layer).expect("a layer");
    let values = pollster::block_on(inspection.values(&inside.device, id));
    values.expect("values").to_vec()
}

#[test]
fn a_change_of_the_paper_gives_the_maps_and_the_answer_of_the_changed_network() {
    let inside = Inside::open();
    for words in [
        "tanh",
        "sigmoid",
        "unnormalised",
        "plain-pools",
        "towers-apart",
        "first-tower",
        "second-tower",
    ] {
        let inspection = inside.look_at(Changes::of_words(words).expect("a change"));
        for layer in ["add", "fc8"] {
            let name = format!("{words} {layer}");
            assert_close(&name, &values(&inside, &inspection, layer), &golden(&name));
        }
        // The weights that changed are those that a cell tells.
        let id = inspection.network().find("squeeze").expect("a layer");
        let cell = inspection.cell(&inside.device, &inside.weights, id, (2, 3, 1));
        let cell = pollster::block_on(cell).expect("there is such a place");
        assert!(
            (f64::from(cell.value) - cell.sum).abs() < 1e-5,
            "{words}: {cell:?}"
        );
    }
    // The loaded network is as it was.
    let inspection = inside.look();
    assert_close(
        "fc8",
        &values(&inside, &inspection, "fc8"),
        &golden("value fc8"),
    );
}

#[test]
fn words_that_mean_nothing_are_refused() {
    let error = Changes::of_words("tanh louder").expect_err("louder is no change");
    assert!(matches!(*error, Error::Unknown { ref name, .. } if name == "louder"));
}

#[test]
fn a_pool_that_no_longer_fits_is_refused() {
    let mut network = Network::new("pools", [14, 14, 3]);
    network
        .then("pool", MaxPool2d::new(3).stride(2))
        .expect("valid");
    network
        .then("flatten", alexnet_live::layers::Flatten)
        .expect("valid");
    network.then("fc", Linear::new(2)).expect("valid");
    let changes = Changes::of_words("plain-pools").expect("a change");
    assert_eq!(
        *changes.apply(&network).expect_err("7 x 7 is not 6 x 6"),
        Error::Input {
            layer: "fc".to_owned(),
            expected: "108".to_owned(),
            found: "147".to_owned(),
        }
    );
}

#[test]
fn dropout_answers_by_a_part_of_the_network() {
    let inside = Inside::open();
    let inspection = inside.look();
    let relu = values(&inside, &inspection, "relu6");
    let mut answers = Vec::new();
    for step in 0..3 {
        inspection.drop_out(&inside.device, 7, step);
        let dropped = values(&inside, &inspection, "drop6");
        for (dropped, relu) in dropped.iter().zip(&relu) {
            assert!(
                *dropped == 0.0 || *dropped == 2.0 * relu,
                "{dropped} of {relu}"
            );
        }
        let off = |values: &[f32]| values.iter().filter(|value| **value == 0.0).count();
        assert!(off(&dropped) > off(&relu));
        // What comes behind is computed from what is left.
        let id = inspection.network().find("fc8").expect("a layer");
        let cell = inspection.cell(&inside.device, &inside.weights, id, (0, 0, 4));
        let cell = pollster::block_on(cell).expect("there is such a place");
        assert!((f64::from(cell.value) - cell.sum).abs() < 1e-5);
        assert_eq!(cell.x, values(&inside, &inspection, "drop7"));
        answers.push(values(&inside, &inspection, "fc8"));
    }
    assert_ne!(answers[0], answers[1]);
    assert_ne!(answers[1], answers[2]);
    inspection.drop_out(&inside.device, 7, 0);
    assert_eq!(values(&inside, &inspection, "fc8"), answers[0]);
    inspection
        .look(&inside.device, &inside.x)
        .expect("the input fits");
    assert_close(
        "fc8",
        &values(&inside, &inspection, "fc8"),
        &golden("value fc8"),
    );
}
