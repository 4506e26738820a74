//! Catalogues against networks.

use alexnet_live::error::Error;
use alexnet_live::layers::{Conv2d, Flatten, Linear};
use alexnet_live::network::Network;
use alexnet_live::weights::WeightsFile;

use super::golden;

fn network(names: [&str; 2], classes: usize) -> Network {
    let mut network = Network::new("tiny", [4, 3, 3]);
    network.then(names[0], Conv2d::new(2, 3)).unwrap();
    network.then("flatten", Flatten).unwrap();
    network.then(names[1], Linear::new(classes)).unwrap();
    network
}

/// A safetensors file of zeros.
fn file(tensors: &[(&str, &[usize])]) -> WeightsFile {
    let mut header = serde_json::Map::new();
    let mut end = 0;
    for (name, shape) in tensors {
        let start = end;
        end += 4 * shape.iter().product::<usize>();
        let info =
            serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": [start, end]});
        header.insert((*name).to_owned(), info);
    }
    let header = serde_json::to_vec(&header).unwrap();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header);
    bytes.resize(bytes.len() + end, 0);
    WeightsFile::open(bytes).unwrap()
}

fn fitting() -> WeightsFile {
    file(&[
        ("a.weight", &[2, 3, 3, 3]),
        ("a.bias", &[2]),
        ("b.weight", &[5, 4]),
        ("b.bias", &[5]),
    ])
}

#[test]
fn all_that_does_not_fit_is_listed_at_once() {
    let tiny = network(["features.0", "classifier"], 5);
    let file = WeightsFile::open(golden("element_types.pth")).unwrap();
    let Error::WeightsMismatch {
        missing,
        unexpected,
        reshaped,
        ..
    } = *file.check(&tiny).expect_err("it does not fit")
    else {
        panic!("it does not fit");
    };
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(unexpected, ["scalar", "empty", "double"]);
    let reshaped: Vec<String> = reshaped
        .iter()
        .map(|m| format!("{} {} {}", m.name, m.expected, m.found))
        .collect();
    assert_eq!(
        reshaped,
        [
            "features.0.weight 2 x 3 x 3 x 3 2 x 3 x 3 x 2",
            "classifier.weight 5 x 4 3 x 5",
            "classifier.bias 5 3"
        ]
    );
    let file = self::file(&[("features.0.bias", &[2]), ("other", &[1])]);
    let message = file.check(&tiny).unwrap_err().to_string();
    assert_eq!(
        message,
        "the weights do not fit tiny: missing features.0.weight, classifier.weight, \
         classifier.bias; unexpected other"
    );
}

#[test]
fn identified_by_names() {
    let networks = [
        network(["x", "b"], 5),
        network(["a", "b"], 5),
        network(["a", "b"], 6),
    ];
    let file = fitting();
    let fit = file.identify(&networks).unwrap();
    assert_eq!(*fit, networks[1]);
    file.check(fit).unwrap();
}

#[test]
fn the_nearest_network_tells_what_is_wrong() {
    let networks = [network(["x", "y"], 6), network(["a", "b"], 6)];
    let error = fitting().identify(&networks).unwrap_err();
    let Error::WeightsMismatch {
        missing, reshaped, ..
    } = *error
    else {
        panic!("{error}");
    };
    assert_eq!((missing.len(), reshaped.len()), (0, 2));
}
