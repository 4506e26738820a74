//! Models that are refused, each with the operator, node or tensor to blame.

use alexnet_live::error::Error;
use alexnet_live::weights::WeightsFile;

use super::assemble::{
    field, initializer, input, int, ints, model, node, number, output, text, varint,
};
use crate::weights::{golden_in, refusal};

/// A graph of one node that reads `x`, maps of 3 x 4 x 5.
fn one(node: Vec<u8>) -> Vec<u8> {
    model(&[node, input("x", &[0, 3, 4, 5]), output("y")])
}

/// The message that refuses this graph, which must hold these words.
fn refused(graph: Vec<u8>, words: &[&str]) {
    let message = refusal(graph).to_string();
    for word in words {
        assert!(message.contains(word), "{word}: {message}");
    }
}

#[test]
fn assembled_as_meant() {
    let file = WeightsFile::open(one(node("Relu", &["x"], "y", &[]))).unwrap();
    assert_eq!(file.graph().unwrap().network.nodes().len(), 2);
    let attributes = [text("auto_pad", "VALID"), ints("kernel_shape", &[2, 3])];
    let file = WeightsFile::open(one(node("MaxPool", &["x"], "y", &attributes))).unwrap();
    assert_eq!(file.graph().unwrap().outputs[0].shape.0, [3, 3, 3]);
}

#[test]
fn operators_and_attributes_are_named() {
    refused(one(node("LSTM", &["x"], "y", &[])), &["LSTM", "node y"]);
    let pool = |attribute| {
        node(
            "MaxPool",
            &["x"],
            "y",
            &[ints("kernel_shape", &[2, 2]), attribute],
        )
    };
    refused(
        one(pool(int("storage_order", 1))),
        &["storage_order", "MaxPool", "node y"],
    );
    refused(
        one(pool(int("novelty", 1))),
        &["the attribute novelty", "MaxPool", "node y"],
    );
    refused(
        one(pool(ints("pads", &[1, 1]))),
        &["pads = [1, 1]", "expected 4 numbers"],
    );
    refused(one(pool(ints("strides", &[0, 1]))), &["stride", "node y"]);
    refused(one(pool(ints("strides", &[1 << 40, 1]))), &["strides"]);
    let graph = one(node(
        "MaxPool",
        &["x"],
        "y",
        &[ints("kernel_shape", &[9, 9])],
    ));
    refused(graph, &["layer y", "at least 9 pixels"]);
    refused(
        one(node("Softmax", &["x"], "y", &[int("axis", 4)])),
        &["axis = 4", "Softmax"],
    );
    refused(
        one(node("Relu", &["z"], "y", &[])),
        &["nothing before it makes z"],
    );
    refused(one(node("Relu", &[], "y", &[])), &["input 0 is missing"]);
    refused(one(node("Relu", &["x"], "other", &[])), &["output y"]);
    refused(
        one(node("Gemm", &["x", "x"], "y", &[])),
        &["constant", "Gemm"],
    );
    let sizes: Vec<u8> = [1, 3, 8, 15]
        .into_iter()
        .flat_map(u64::to_le_bytes)
        .collect();
    let policy = text("keep_aspect_ratio_policy", "not_larger");
    let resize = [
        initializer("sizes", 7, &[4], &sizes),
        node("Resize", &["x", "", "", "sizes"], "y", &[policy]),
    ];
    refused(
        one(resize.concat()),
        &["keep_aspect_ratio_policy", "not_larger", "Resize"],
    );
    let no_matrix = [
        initializer("w", 1, &[], &1f32.to_le_bytes()),
        node("Gemm", &["x", "w", "w"], "y", &[int("transB", 1)]),
    ];
    refused(one(no_matrix.concat()), &["a weight of one number", "Gemm"]);
    let custom = [field(2, "y"), field(4, "Relu"), field(7, "custom")];
    refused(
        one(field(1, custom.concat())),
        &["the domain custom", "Relu", "node y"],
    );
    let body = [field(1, "body"), field(6, [])].concat();
    refused(
        one(node("If", &["x"], "y", &[body])),
        &["a computed condition", "If"],
    );
}

#[test]
fn what_a_size_is_missing_for_is_named() {
    let relu = || node("Relu", &["x"], "y", &[]);
    let with = |shape: &[u64]| model(&[relu(), input("x", shape), output("y")]);
    refused(with(&[1, 0]), &["size is open", "input x"]);
    refused(with(&[1, 3, 4, 5, 6]), &["neither maps", "input x"]);
    refused(with(&[]), &["without a batch"]);
    refused(with(&[1, 1 << 20, 1 << 20, 1 << 20]), &["elements (x)"]);
    refused(with(&[1, u64::MAX]), &["size is open"]);
    refused(
        model(&[relu(), output("y")]),
        &["nothing before it makes x"],
    );
    refused(model(&[]), &["no input or no output"]);
    refused([number(1, 8), number(5, 1)].concat(), &["no graph"]);
    let two = [input("x", &[1, 3]), input("z", &[2, 3])].concat();
    let sum = node("Add", &["x", "z"], "y", &[]);
    refused(model(&[sum, two, output("y")]), &["several batch sizes"]);
}

#[test]
fn tensors_that_are_not_what_they_say() {
    let conv = || node("Conv", &["x", "w"], "y", &[]);
    let with = |tensor| model(&[conv(), tensor, input("x", &[0, 3, 4, 5]), output("y")]);
    let zeros = [0; 12];
    assert!(WeightsFile::open(with(initializer("w", 1, &[1, 3, 1, 1], &zeros))).is_ok());
    refused(
        with(initializer("w", 1, &[1, 3, 1, 1], &zeros[..8])),
        &["tensor w", "do not fill"],
    );
    refused(
        with(initializer("w", 1, &[1, 3, 1], &zeros)),
        &["a weight of 1 x 3 x 1"],
    );
    refused(
        with(initializer("w", 1, &[3, 1, 1, 1], &zeros)),
        &["the weight of y", "3 x 3 x 1 x 1"],
    );
    refused(
        with(initializer("w", 1, &[1, u64::MAX, 1, 1], &zeros)),
        &["negative dimension"],
    );
    refused(
        with(initializer("w", 1, &[1 << 40, 1 << 40], &zeros)),
        &["elements (w)"],
    );
    let external = [field(8, "w"), number(2, 1), number(14, 1)].concat();
    refused(with(field(5, external)), &["another file", "w"]);
    refused(with(field(15, [])), &["sparse"]);
}

#[test]
fn messages_that_contradict_themselves() {
    let whole = golden_in("onnx", "two_inputs.onnx");
    for length in 0..whole.len() {
        assert!(
            !refusal(&whole[..length]).to_string().is_empty(),
            "cut to {length}"
        );
    }
    let endless = [number(1, 8), vec![0x3a], vec![0xff; 12]].concat();
    refused(endless, &["64 bits"]);
    let beyond_file = [number(1, 8), vec![0x3a], varint(u64::MAX)].concat();
    assert!(matches!(*refusal(beyond_file), Error::Truncated { .. }));
    let beyond_parent = [number(1, 8), field(7, [0x0a, 5]), vec![0; 9]].concat();
    refused(beyond_parent, &["Graph", "longer than itself"]);
    refused([number(1, 8), field(7, [0x0b])].concat(), &["a group"]);
    let nested = (0..1000).fold(Vec::new(), |inner, _| field(6, field(1, field(5, inner))));
    refused(one(field(1, field(5, nested))), &["inside of one another"]);
}

/// Short files that ask for much: doubled lists, one long name for many layers,
/// thousands of messages, of statistics and of large constants.
#[test]
fn short_files_stay_small_in_memory() {
    let bounded = |graph: Vec<u8>| {
        let length = graph.len() as u64;
        let used = allocation_counter::measure(|| drop(WeightsFile::open(graph).map(drop)));
        let most = (24 << 20) + 100 * length;
        assert!(
            used.bytes_max < most,
            "{} bytes for {length}",
            used.bytes_max
        );
    };
    let x = || [input("x", &[0, 3, 4, 5]), output("y")].concat();

    let mut doubling = vec![x(), node("Shape", &["x"], "n0", &[])];
    for i in 0..60 {
        let (from, to) = (format!("n{i}"), format!("n{}", i + 1));
        doubling.push(node("Concat", &[&from, &from], &to, &[int("axis", 0)]));
    }
    doubling.push(node("Reshape", &["x", "n60"], "y", &[]));
    refused(model(&doubling), &["integers"]);
    bounded(model(&doubling));

    let mut normalised = vec![
        x(),
        initializer("size", 7, &[1], &(1u64 << 20).to_le_bytes()),
    ];
    normalised.push(node("ConstantOfShape", &["size"], "many", &[]));
    normalised.push(input("v", &[0, 1 << 20]));
    for i in 0..2000 {
        normalised.push(node("Gemm", &["v", "many"], &format!("y{i}"), &[]));
        let inputs = ["x", "many", "many", "many", "many"];
        normalised.push(node("BatchNormalization", &inputs, &format!("y{i}"), &[]));
    }
    bounded(model(&normalised));
    let wide = [
        input("x", &[0, 1 << 20, 1, 1]),
        output("y"),
        initializer("size", 7, &[1], &(1u64 << 20).to_le_bytes()),
        node("ConstantOfShape", &["size"], "many", &[]),
        node(
            "BatchNormalization",
            &["x", "many", "many", "many", "many"],
            "y",
            &[],
        ),
    ];
    refused(model(&wide), &["numbers beside the weights"]);
    bounded(model(&wide));

    bounded(model(&[x(), field(1, []).repeat(1 << 20)]));
    bounded(model(&[x(), field(1, field(1, []).repeat(1 << 18))]));
    refused(
        model(&[field(1, field(3, vec![b'n'; 20_000]))]),
        &["more text"],
    );
    let chain: Vec<Vec<u8>> = (0..5000)
        .map(|i| node("Relu", &[&format!("{i}")], &format!("{}", i + 1), &[]))
        .collect();
    refused(
        model(&[chain.concat(), input("0", &[0, 3]), output("5000")]),
        &["nodes"],
    );
}
