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
    assert_eq!(unexpected, Vec::<String>::new());
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
    let file = self::file(&[("features.0.bias", &[2]), ("other.weight", &[1])]);
    let message = file.check(&tiny).unwrap_err().to_string();
    assert_eq!(
        message,
        "the weights do not fit tiny: missing features.0.weight, classifier.weight, \
         classifier.bias; unexpected other.weight"
    );
}

#[test]
fn identified_by_names() {
    let networks = [
        network(["x", "b"], 5),
        network(["a", "b"], 5),
        network(["a", "b"], 6),
    ];
    let mut file = fitting();
    let (index, fit) = file.identify(&networks).unwrap();
    assert_eq!((index, &fit), (1, &networks[1]));
    file.check(&fit).unwrap();
}

#[test]
fn the_nearest_network_tells_what_is_wrong() {
    let networks = [network(["x", "y"], 6), network(["a", "c"], 5)];
    let error = fitting().identify(&networks).unwrap_err();
    let Error::WeightsMismatch {
        missing,
        unexpected,
        ..
    } = *error
    else {
        panic!("{error}");
    };
    assert_eq!(missing, ["c.weight", "c.bias"]);
    assert_eq!(unexpected, ["b.weight", "b.bias"]);
}

#[test]
fn prefixes_and_what_is_no_parameter_do_not_matter() {
    for prefix in [
        "module.",
        "_orig_mod.module.",
        "model.",
        "net.backbone.",
        "ema_model.module.",
    ] {
        let name = |name: &str| format!("{prefix}{name}");
        let names = ["a.weight", "a.bias", "b.weight", "b.bias"].map(name);
        let mut file = file(&[
            (&names[0], &[2, 3, 3, 3]),
            (&names[1], &[2]),
            (&names[2], &[5, 4]),
            (&names[3], &[5]),
            (&name("mean"), &[3]),
            ("step", &[1]),
            ("optimizer.0.a.weight", &[2, 3, 3, 3]),
        ]);
        let networks = [network(["x", "b"], 5), network(["a", "b"], 5)];
        let (index, fit) = file.identify(&networks).unwrap();
        assert_eq!(index, 1, "{prefix}");
        file.check(&fit).unwrap();
        assert!(file.skipped().contains(&"step".to_owned()), "{prefix}");
    }
    // Within the names, as DataParallel around the convolutions alone puts it.
    let mut file = file(&[
        ("features.module.0.weight", &[2, 3, 3, 3]),
        ("features.module.0.bias", &[2]),
        ("b.weight", &[5, 4]),
        ("b.bias", &[5]),
    ]);
    file.identify(&[network(["features.0", "b"], 5)]).unwrap();
    file.find("features.0.weight").unwrap();
}

#[test]
fn a_layer_more_is_another_network() {
    let mut file = file(&[
        ("a.weight", &[2, 3, 3, 3]),
        ("a.bias", &[2]),
        ("b.weight", &[5, 4]),
        ("b.bias", &[5]),
        ("c.weight", &[2, 5]),
    ]);
    let error = file.identify(&[network(["a", "b"], 5)]).unwrap_err();
    assert!(
        error.to_string().ends_with("unexpected c.weight"),
        "{error}"
    );
}

#[test]
fn as_many_classes_and_channels_as_the_weights_are_for() {
    let mut file = file(&[
        ("a.weight", &[2, 1, 3, 3]),
        ("a.bias", &[2]),
        ("b.weight", &[7, 4]),
        ("b.bias", &[7]),
    ]);
    let (_, fit) = file.identify(&[network(["a", "b"], 5)]).unwrap();
    assert_eq!(fit.output_shape().0, [7]);
    assert_eq!(fit[fit.inputs()[0]].shape.0, [4, 3, 1]);
}

#[test]
fn a_mismatch_is_told_briefly() {
    let mut wide = Network::new("wide", [4, 3, 3]);
    for index in 0..40 {
        let convolution = Conv2d::new(3, 1);
        wide.then(&format!("layer{index}"), convolution).unwrap();
    }
    let error = fitting().identify(&[wide]).unwrap_err().to_string();
    assert!(error.contains("and 75 more"), "{error}");
    assert!(error.contains("export it to ONNX"), "{error}");
    assert!(error.len() < 500, "{error}");
}
